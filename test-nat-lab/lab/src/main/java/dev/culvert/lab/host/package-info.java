/**
 * Code on the hosts of a lab, the same in both worlds: UDP sockets, programs, and in the kernel's
 * world commands and main classes.
 *
 * <p>In the simulator time passes only while the thread that made the {@link
 * dev.culvert.lab.host.WorldHosts} waits, and one program runs at a time, so that a run repeats to
 * the last packet. In the kernel's world programs are threads of this JVM, and their sockets belong
 * to an agent, a JVM of ours inside the host's namespace.
 */
@NullMarked
package dev.culvert.lab.host;

import org.jspecify.annotations.NullMarked;
