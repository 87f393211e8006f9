/**
 * {@code culvert introduce}: two people get to know each other's ids by a code that one tells the
 * other.
 *
 * <p>Runs on the command's own thread; the connections have one of their own.
 */
@NullMarked
package dev.culvert.cli.introduce;

import org.jspecify.annotations.NullMarked;
