/**
 * A relay (RFC 8656) for applications that want no more of it than paths to peers: {@link
 * dev.culvert.transport.relay.RelayAllocation} is an allocation, {@link
 * dev.culvert.transport.relay.RelayAllocation#channel} a path to one peer as a Netty channel,
 * {@link dev.culvert.transport.relay.RelayAllocation#socket} all peers as a {@code DatagramSocket}.
 * {@link dev.culvert.transport.relay.RelayHandler} gets an allocation over a UDP channel that the
 * application has already.
 *
 * <p>Public types are safe for any thread unless they say otherwise; everything else here runs on
 * one event loop, where nothing may block.
 */
@NullMarked
package dev.culvert.transport.relay;

import org.jspecify.annotations.NullMarked;
