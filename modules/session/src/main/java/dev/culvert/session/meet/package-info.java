/**
 * Peers that meet: found through nodes, asked whether they want to, connected by ICE.
 *
 * <p>Confined to one thread, but for immutable values. No byte from the network makes it throw.
 */
@NullMarked
package dev.culvert.session.meet;

import org.jspecify.annotations.NullMarked;
