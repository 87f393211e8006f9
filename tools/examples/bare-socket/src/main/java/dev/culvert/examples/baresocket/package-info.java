/** The path to a peer as a {@link java.net.DatagramSocket}, for protocols of one's own. */
@NullMarked
package dev.culvert.examples.baresocket;

import org.jspecify.annotations.NullMarked;
