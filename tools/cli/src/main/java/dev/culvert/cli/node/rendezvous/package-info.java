/**
 * The part of {@code culvert node} at which peers meet: what the options ask for, and the running
 * {@link dev.culvert.rendezvous.node.RendezvousNode}.
 */
@NullMarked
package dev.culvert.cli.node.rendezvous;

import org.jspecify.annotations.NullMarked;
