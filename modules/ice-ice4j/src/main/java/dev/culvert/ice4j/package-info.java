/**
 * ICE on ice4j, to come; for now its tests hold our STUN codec against {@code org.ice4j.message}.
 *
 * <p>ice4j owns sockets and threads of its own; what is here will be safe to call from any thread.
 */
@NullMarked
package dev.culvert.ice4j;

import org.jspecify.annotations.NullMarked;
