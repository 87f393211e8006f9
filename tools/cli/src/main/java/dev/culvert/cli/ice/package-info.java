/**
 * {@code culvert ice}: what candidates this host has, a connection with another host by copy and
 * paste, and what became of it.
 *
 * <p>Commands run on the main thread, engines on a driver's; what both touch says so.
 */
@NullMarked
package dev.culvert.cli.ice;

import org.jspecify.annotations.NullMarked;
