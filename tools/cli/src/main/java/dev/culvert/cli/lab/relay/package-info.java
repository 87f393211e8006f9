/**
 * Whether two hosts reach each other through a relay (RFC 8656), each with an allocation of its
 * own: what always works where a node is reached at all.
 *
 * <p>Machines are confined to one thread.
 */
@NullMarked
package dev.culvert.cli.lab.relay;

import org.jspecify.annotations.NullMarked;
