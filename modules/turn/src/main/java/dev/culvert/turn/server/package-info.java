/**
 * The relay (RFC 8656, RFC 6062) as an engine without I/O. Each event loop has a {@link
 * dev.culvert.turn.server.TurnServer} of its own, confined to that loop; what loops share stands in
 * {@link dev.culvert.turn.server.RelayResources}, which is safe for every thread.
 *
 * <p>Requests go through the engine by value. The data plane asks it a lookup for each datagram and
 * gets an object that was made beforehand: where to send on ({@link
 * dev.culvert.turn.server.PeerForward}, {@link dev.culvert.turn.server.ClientForward}), or nothing.
 */
@NullMarked
package dev.culvert.turn.server;

import org.jspecify.annotations.NullMarked;
