/**
 * QUIC between two peers that know each other's keys, over a channel of packets (RFC 9000, RFC
 * 9001, RFC 9221).
 *
 * <p>A link lives on the event loop of its packet channel; what may be called on other threads says
 * so. Nothing native is loaded before a {@link dev.culvert.transport.quic.QuicEndpoint} is made.
 */
@NullMarked
package dev.culvert.transport.quic;

import org.jspecify.annotations.NullMarked;
