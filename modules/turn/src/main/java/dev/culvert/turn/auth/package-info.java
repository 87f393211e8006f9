/**
 * Who may use a relay: users from a file or from a shared secret, and nonces that cost the server
 * no memory (RFC 8489 §9.2). Safe for every thread.
 */
@NullMarked
package dev.culvert.turn.auth;

import org.jspecify.annotations.NullMarked;
