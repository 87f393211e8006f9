/**
 * What applications use: a session on sockets of this host, and its paths handed out (RFC 8445).
 *
 * <p>Safe for any thread; listeners are called on an event loop, where nothing may block.
 */
@NullMarked
package dev.culvert.peer;

import org.jspecify.annotations.NullMarked;
