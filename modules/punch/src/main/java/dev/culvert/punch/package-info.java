/**
 * Hole punching against hard NATs (RFC 5128, RFC 4787): which plan two reports allow, and the plans
 * as machines. No threads, clocks or sockets.
 */
@NullMarked
package dev.culvert.punch;

import org.jspecify.annotations.NullMarked;
