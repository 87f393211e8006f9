/**
 * What can be done on the hosts of a lab: run a node, check the network, ask a server, reach
 * another host.
 *
 * <p>Each verb does the same in both worlds: in the simulator it runs the engine itself, in the
 * kernel's lab it starts {@code culvert} in a process on the host. Verbs are stateless and may be
 * used by any thread; what they start belongs to the thread of its world.
 */
@NullMarked
package dev.culvert.cli.lab.verb;

import org.jspecify.annotations.NullMarked;
