/**
 * A node at which peers meet: it knows who is connected, keeps what peers say of themselves, and
 * carries sealed messages between them. It learns who speaks to whom and how much, and nothing
 * else.
 *
 * <p>Confined to one thread, but for immutable values and the counts. No byte from the network
 * makes it throw; everything that it keeps is bounded.
 */
@NullMarked
package dev.culvert.rendezvous.node;

import org.jspecify.annotations.NullMarked;
