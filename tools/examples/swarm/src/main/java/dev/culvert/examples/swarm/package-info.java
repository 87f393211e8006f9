/**
 * One file fetched from several peers at once, each of which serves what it has.
 *
 * <p>{@link dev.culvert.examples.swarm.SwarmPeer} is the program. Beneath it {@code Swarm} knows
 * nothing of networks but {@code Link}: it is the same over {@code PeerConnection}s and, in its
 * tests, over sockets of this host.
 */
@NullMarked
package dev.culvert.examples.swarm;

import org.jspecify.annotations.NullMarked;
