/**
 * {@code culvert lab run}: scenario files in the simulator and with the kernel's NATs.
 *
 * <p>Commands run on the main thread.
 */
@NullMarked
package dev.culvert.cli.lab.run;

import org.jspecify.annotations.NullMarked;
