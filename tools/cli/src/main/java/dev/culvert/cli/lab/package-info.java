/**
 * {@code culvert lab}: NATs of the Linux kernel to try things behind.
 *
 * <p>Commands run on the main thread.
 */
@NullMarked
package dev.culvert.cli.lab;

import org.jspecify.annotations.NullMarked;
