/**
 * {@code culvert id}: makes, shows and takes over the keys that peers are known by.
 *
 * <p>Runs on the command's own thread.
 */
@NullMarked
package dev.culvert.cli.id;

import org.jspecify.annotations.NullMarked;
