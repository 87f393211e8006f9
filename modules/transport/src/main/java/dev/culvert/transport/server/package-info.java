/**
 * A STUN server: answers Binding requests over UDP, TCP and TLS without keeping anything about a
 * client (RFC 8489 §6.3, §11; RFC 5780 §6 where there is a second address).
 *
 * <p>{@link StunServer} is safe for every thread. Everything below it that touches a socket belongs
 * to one event loop; the limiters are shared by all loops and take no lock.
 */
@NullMarked
package dev.culvert.transport.server;

import org.jspecify.annotations.NullMarked;
