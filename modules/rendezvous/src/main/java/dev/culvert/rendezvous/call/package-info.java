/**
 * Calls between peers, over anything that carries sealed signals.
 *
 * <p>What two peers say to each other is an {@link dev.culvert.identity.Envelope}. Its session is
 * 16 random bytes of the caller's choice. Each sender numbers its envelopes in a session upward
 * from 0, those that are sent again anew; a number that was there before is passed over, and so is
 * one more than 1024 below the highest. An envelope holds for two minutes, and clocks may differ by
 * one.
 *
 * <p>The payload is one JSON object (RFC 8259) in UTF-8 of at most 8192 bytes:
 *
 * <ul>
 *   <li>{@code v}: 1. Other versions are passed over.
 *   <li>{@code t}: what it is, see below. What nobody knows is acknowledged and passed over.
 *   <li>{@code seq}: which message of this sender in this session it is, from 0, without a gap.
 *       Messages are taken in this order. {@code ack}, {@code sync} and {@code synced} have none
 *       and are taken as they come.
 *   <li>{@code ack}: how many messages with a {@code seq} the sender has taken, which is the next
 *       one that it waits for.
 *   <li>{@code key}: with which key to seal for the sender from now on, 32 bytes.
 * </ul>
 *
 * <p>Bytes are base64url without padding; unknown members are passed over. The messages:
 *
 * <ul>
 *   <li>{@code offer}, of the caller and its first: may I? There is nothing in it of where the
 *       caller is. {@code proof}, optional: 32 bytes that show that it was invited, HMAC-SHA256
 *       under the invite's secret over the ASCII letters {@code culvert-invited-1}, the session,
 *       the caller's id and the callee's.
 *   <li>{@code ringing}: somebody is being asked.
 *   <li>{@code answer}, of the callee: yes, with {@code ice}, its description. {@code instead},
 *       optional: the session of its own call, 16 bytes, that it gave up for this one.
 *   <li>{@code describe}, of the caller after the answer, and of either later on: {@code ice}, a
 *       description; the first one, one with more candidates, or one with other credentials, which
 *       is a restart (RFC 8445 §9). Candidates that were told need not be told again. That there
 *       are no more is said in it, too.
 *   <li>{@code decline}, of the callee: no. {@code reason}: {@code declined} or {@code busy}.
 *   <li>{@code bye}: it is over. {@code reason}, for people. {@code unanswered}, optional: true of
 *       a caller that has had no answer yet.
 *   <li>{@code sync} with {@code sent}, microseconds on any clock: measures the way there and back.
 *       It is answered by {@code synced} with the same {@code sent} and with {@code held}, the
 *       microseconds between taking the one and sending the other.
 *   <li>{@code ack}: nothing but what all have.
 * </ul>
 *
 * <p>{@code ice} is a text, the JSON object of {@code dev.culvert.ice.text.IceJson}; nothing here
 * reads it.
 *
 * <p>What has a {@code seq} and is not acknowledged is sent again after 1, 2, 4 and then every 8
 * seconds. An offer that the callee's policy refuses is not answered at all: whoever may not call
 * learns nothing but that nobody answers. When both call each other at once, the call of the peer
 * with the lower id (as 32 bytes without sign) goes on, and the other one is given up by both
 * without a word; who gave up its own call takes the other's as if it had been asked and had said
 * yes. If that one ends with a {@code bye} that is {@code unanswered}, its caller never knew of the
 * other's call, which goes on where it was, once: as it does when nothing follows within the
 * patience, or when the peer speaks on in that session alone.
 *
 * <p>Confined to one thread, but for immutable values. No byte from the network makes it throw.
 */
@NullMarked
package dev.culvert.rendezvous.call;

import org.jspecify.annotations.NullMarked;
