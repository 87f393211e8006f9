/**
 * A peer of a scenario that connects to another and keeps a checked stream running: in the
 * simulator {@link dev.culvert.cli.lab.connect.ConnectMachine}, in the kernel's lab a {@link
 * dev.culvert.peer.PeerNode} in a process of its own.
 *
 * <p>A machine is confined to one thread; what counts is safe for any.
 */
@NullMarked
package dev.culvert.cli.lab.connect;

import org.jspecify.annotations.NullMarked;
