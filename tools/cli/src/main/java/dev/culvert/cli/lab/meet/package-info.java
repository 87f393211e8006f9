/**
 * A peer of a scenario that is found through nodes and calls another.
 *
 * <p>A {@link dev.culvert.cli.lab.meet.MeetMachine} is confined to one thread.
 */
@NullMarked
package dev.culvert.cli.lab.meet;

import org.jspecify.annotations.NullMarked;
