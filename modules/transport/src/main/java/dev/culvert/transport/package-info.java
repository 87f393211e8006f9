/**
 * Sockets, TLS (RFC 8446, RFC 5246), DTLS 1.2 (RFC 6347), server identity (RFC 9525) and name
 * look-ups on Netty; drives machines.
 *
 * <p>A {@link dev.culvert.transport.NetworkRuntime} owns the event loops, a {@link
 * dev.culvert.transport.MachineDriver} confines one machine with its sockets to one of them. Public
 * types are safe for any thread; everything else here runs on a driver's loop, where nothing may
 * block.
 */
@NullMarked
package dev.culvert.transport;

import org.jspecify.annotations.NullMarked;
