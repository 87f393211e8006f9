/**
 * Finds out with which address the world sees a relay, from a STUN server that its operator named
 * (RFC 8489), and whether datagrams from outside reach it (RFC 5780). It waits for answers: not for
 * event loops.
 */
@NullMarked
package dev.culvert.cli.node.external;

import org.jspecify.annotations.NullMarked;
