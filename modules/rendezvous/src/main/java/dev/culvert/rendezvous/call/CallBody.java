package dev.culvert.rendezvous.call;

import dev.culvert.sansio.Bytes;
import java.util.Optional;

/**
 * What is in an envelope.
 *
 * @param sequence its place in the order, if it has one
 * @param acknowledged how many ordered messages its sender has taken
 * @param key with which to seal for its sender
 * @param message what it is about
 */
record CallBody(Optional<Long> sequence, long acknowledged, Bytes key, CallMessage message) {}
