/**
 * A deterministic virtual Internet in virtual time: hosts that carry {@link
 * dev.culvert.sansio.Machine}s, links with delay and loss, and middleboxes written from RFC 4787
 * rather than from what any kernel does.
 *
 * <p>A {@link dev.culvert.natsim.World} and everything in it is confined to one thread. The same
 * seed gives the same run; failures name the seed.
 */
@NullMarked
package dev.culvert.natsim;

import org.jspecify.annotations.NullMarked;
