/** Sockets, TLS, DTLS and name look-ups on Netty; drives machines. */
@NullMarked
package dev.culvert.transport;

import org.jspecify.annotations.NullMarked;
