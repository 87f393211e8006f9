/**
 * The {@code culvert} command: what it is given, what it says and what it ends with.
 *
 * <p>A command is a small picocli class with a constructor that takes a {@link
 * dev.culvert.cli.Console}; it throws a {@link dev.culvert.cli.Fault} for whatever people can mend,
 * shows its result as a {@link dev.culvert.cli.View} and returns an {@link
 * dev.culvert.cli.ExitCode}'s number. It stands in {@code Commands}. Commands run on the main
 * thread; {@code Console} may be used from any.
 */
@NullMarked
package dev.culvert.cli;

import org.jspecify.annotations.NullMarked;
