/**
 * {@code culvert stun} and {@code culvert servers check}: what STUN servers do, and whether they do
 * what they say.
 *
 * <p>{@link dev.culvert.cli.server.ServerProbe} is an engine like any other: confined to one
 * thread, told the time. Values and views are immutable and safe to share between threads.
 */
@NullMarked
package dev.culvert.cli.server;

import org.jspecify.annotations.NullMarked;
