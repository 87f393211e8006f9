/**
 * STUN by RFC 8489: codec, integrity, client transactions, a stateless responder; server discovery
 * by RFC 7064, RFC 7065 and RFC 8489 §8.
 *
 * <p>Values and the codec are safe to share between threads. What keeps state ({@link
 * dev.culvert.stun.ClientTransactions} and the like) is confined to the thread of the engine that
 * embeds it.
 */
@NullMarked
package dev.culvert.stun;

import org.jspecify.annotations.NullMarked;
