/**
 * {@code culvert turn}: what operators of relays do with them.
 *
 * <p>{@code RelayTest} is an engine like any other: confined to one thread, told the time; it tries
 * one {@code WayTest} after the other, and each of those composes {@link
 * dev.culvert.turn.client.TurnClient}s. Values and views are immutable and safe to share between
 * threads.
 */
@NullMarked
package dev.culvert.cli.turn;

import org.jspecify.annotations.NullMarked;
