/**
 * Interactive Connectivity Establishment: finds a path between two agents behind NATs by trying all
 * pairs of their candidates, keeps it, and replaces it when it breaks (RFC 8445, RFC 8838, RFC
 * 7675, RFC 8863, RFC 8421). Candidates are found elsewhere and given to {@link
 * dev.culvert.ice.IceAgent}.
 *
 * <p>Everything here is confined to one thread unless it is an immutable value.
 */
@NullMarked
package dev.culvert.ice;

import org.jspecify.annotations.NullMarked;
