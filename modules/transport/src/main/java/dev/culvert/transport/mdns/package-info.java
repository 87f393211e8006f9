/**
 * Multicast DNS (RFC 6762): names of this machine answered on its links, and those of others asked
 * for there. Not exported.
 */
@NullMarked
package dev.culvert.transport.mdns;

import org.jspecify.annotations.NullMarked;
