/**
 * How agents' descriptions are written down to reach the other side: SDP attributes (RFC 8839) and
 * JSON. Pure functions; safe for every thread.
 */
@NullMarked
package dev.culvert.ice.text;

import org.jspecify.annotations.NullMarked;
