/** STUN by RFC 8489: codec, attributes, integrity, client transactions, a stateless responder. */
@NullMarked
package dev.culvert.stun;

import org.jspecify.annotations.NullMarked;
