/**
 * STUN attributes, one immutable value each: RFC 8489 §14, RFC 5780 §7, RFC 8445 §7.1, RFC 8656
 * §18, RFC 6062 §6.2, and what remains of RFC 3489 §11.2.
 *
 * <p>Values are safe to share between threads. Decoders here are told apart from constructors: a
 * constructor refuses a value that cannot be, a decoder never throws.
 */
@NullMarked
package dev.culvert.stun.attribute;

import org.jspecify.annotations.NullMarked;
