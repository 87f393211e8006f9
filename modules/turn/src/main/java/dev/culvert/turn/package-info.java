/**
 * What both ends of TURN (RFC 8656) share: five-tuples and the framing of ChannelData. Values are
 * immutable and safe to share between threads.
 */
@NullMarked
package dev.culvert.turn;

import org.jspecify.annotations.NullMarked;
