/**
 * What every engine is made of: time, bytes, addresses, flows, and the {@link
 * dev.culvert.sansio.Machine} contract.
 *
 * <p>Everything here is an immutable value or an interface, and safe to share between threads; a
 * {@code Machine} itself is confined to one.
 */
@NullMarked
package dev.culvert.sansio;

import org.jspecify.annotations.NullMarked;
