/**
 * {@code culvert demo}: the main job on parts that come along: NATs of several kinds, a node, and a
 * check behind each NAT, held against what the NATs were made to be, and two peers that connect
 * behind hard ones.
 *
 * <p>Values and views are immutable and safe to share between threads.
 */
@NullMarked
package dev.culvert.cli.demo;

import org.jspecify.annotations.NullMarked;
