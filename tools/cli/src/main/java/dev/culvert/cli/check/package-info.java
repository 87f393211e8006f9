/**
 * {@code culvert check}: measures the NATs between this host and the Internet and shows what was
 * found, for people and as {@code culvert.check/1}.
 *
 * <p>Views are immutable and safe to share between threads; a command runs on the main thread.
 */
@NullMarked
package dev.culvert.cli.check;

import org.jspecify.annotations.NullMarked;
