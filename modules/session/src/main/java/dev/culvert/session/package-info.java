/**
 * A peer without I/O: one UDP socket per local address carries what is asked of STUN servers, the
 * tunnels to relays, and ICE and data with every other peer (RFC 8445, RFC 8656, RFC 7983).
 *
 * <p>Everything here is confined to the thread that drives the {@link
 * dev.culvert.session.PeerSession}.
 */
@NullMarked
package dev.culvert.session;

import org.jspecify.annotations.NullMarked;
