/**
 * ICE on ice4j, behind the interface that our own engine has (docs/adr/0019).
 *
 * <p>Safe for any thread. ice4j owns sockets and threads of its own; listeners are called on a
 * thread of the engine, where nothing may block.
 */
@NullMarked
package dev.culvert.ice4j;

import org.jspecify.annotations.NullMarked;
