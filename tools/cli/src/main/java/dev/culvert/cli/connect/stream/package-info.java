/**
 * What the commands {@code connect} and {@code listen} say on the streams of a connection: what a
 * stream is for, and then a pipe, a forwarded connection, datagrams or a file ({@code
 * docs/connect.md}).
 *
 * <p>Reading and writing block; each stream has threads of its own.
 */
@NullMarked
package dev.culvert.cli.connect.stream;

import org.jspecify.annotations.NullMarked;
