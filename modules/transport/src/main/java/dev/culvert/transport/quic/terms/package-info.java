/** What every QUIC connection of ours sets, also where it is measured beside bare Netty. */
@NullMarked
package dev.culvert.transport.quic.terms;

import org.jspecify.annotations.NullMarked;
