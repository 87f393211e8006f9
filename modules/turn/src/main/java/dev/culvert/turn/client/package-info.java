/**
 * A relay's client (RFC 8656) as an engine without I/O: {@link dev.culvert.turn.client.TurnClient}
 * gets a relayed address, keeps it alive, and carries datagrams to and from peers through it.
 *
 * <p>Machines are confined to one thread; configurations and events are immutable.
 */
@NullMarked
package dev.culvert.turn.client;

import org.jspecify.annotations.NullMarked;
