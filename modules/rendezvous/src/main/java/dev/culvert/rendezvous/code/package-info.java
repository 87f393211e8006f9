/**
 * Codes for people: a number and two words, said over the phone, introduce two peers to each other.
 * The number is a plate at a node ({@link dev.culvert.rendezvous.wire.Frame.OpenPlate}), where the
 * two meet; the words are the password of an exchange (RFC 8236) that neither the node nor anybody
 * else can listen to, and each who takes part has one guess at them.
 *
 * <p>Confined to one thread, but for immutable values. No byte from the network makes it throw;
 * everything that it keeps is bounded.
 */
@NullMarked
package dev.culvert.rendezvous.code;

import org.jspecify.annotations.NullMarked;
