/**
 * What every engine of ICE offers to applications, whoever wrote it: connections to peers, on
 * sockets of this host (RFC 8445).
 *
 * <p>Safe for any thread; listeners are called on a thread of the engine, where nothing may block.
 */
@NullMarked
package dev.culvert.ice.engine;

import org.jspecify.annotations.NullMarked;
