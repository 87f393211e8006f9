/**
 * {@code culvert listen}, {@code connect}, {@code ping} and {@code perf}: an encrypted path to a
 * peer whose public key is known, relayed at once and direct as soon as that can be.
 *
 * <p>Commands run on their own thread; what connections tell comes on event loops, and what streams
 * do on threads of theirs.
 */
@NullMarked
package dev.culvert.cli.connect;

import org.jspecify.annotations.NullMarked;
