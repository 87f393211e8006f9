/**
 * {@code culvert node}: the bootstrap node, which so far is a STUN server (RFC 8489, RFC 5780) and
 * a relay (RFC 8656). Runs on the command's main thread; the server has its own.
 */
@NullMarked
package dev.culvert.cli.node;

import org.jspecify.annotations.NullMarked;
