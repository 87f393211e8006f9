/**
 * The messages between a peer and a node, and their text: one JSON object a WebSocket message,
 * subprotocol {@code rdv.v1.json}.
 *
 * <p>Immutable values and static functions, safe for any thread. What is signed or sealed travels
 * as opaque bytes in base64url, so that no other form of text changes what was signed.
 */
@NullMarked
package dev.culvert.rendezvous.wire;

import org.jspecify.annotations.NullMarked;
