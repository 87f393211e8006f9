/**
 * A peer's side of a node: proves who it is, has the node prove the same, and asks.
 *
 * <p>Confined to one thread, but for immutable values. No byte from the network makes it throw.
 */
@NullMarked
package dev.culvert.rendezvous.client;

import org.jspecify.annotations.NullMarked;
