/**
 * A deterministic virtual Internet in virtual time: hosts that carry {@link
 * dev.culvert.sansio.Machine}s, links that delay, lose, double, reorder and throttle, and
 * middleboxes written from RFC 4787, RFC 5382 and RFC 6146 rather than from what any kernel does.
 * What happens is traced, captured as pcap, and checked after every event against books of its own.
 *
 * <p>A {@link dev.culvert.natsim.World} and everything in it is confined to one thread. The same
 * seed gives the same run; failures name the seed.
 */
@NullMarked
package dev.culvert.natsim;

import org.jspecify.annotations.NullMarked;
