/**
 * {@code culvert punch}: one UDP path to one other host, by lines that two people carry, without
 * ICE, relay and node.
 */
@NullMarked
package dev.culvert.cli.punch;

import org.jspecify.annotations.NullMarked;
