/**
 * {@code culvert invite}: makes and reads what one person hands to another so that they can meet.
 *
 * <p>Runs on the command's own thread.
 */
@NullMarked
package dev.culvert.cli.invite;

import org.jspecify.annotations.NullMarked;
