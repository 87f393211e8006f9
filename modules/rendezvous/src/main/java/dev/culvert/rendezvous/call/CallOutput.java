package dev.culvert.rendezvous.call;

import dev.culvert.identity.PeerId;
import dev.culvert.sansio.Bytes;

/** What {@link Calls} asks of whoever carries its signals. */
public sealed interface CallOutput {

  /**
   * Look up a peer; answered by {@link Calls#found} or {@link Calls#notFound}.
   *
   * @param id names the question
   * @param peer whom
   */
  record Lookup(long id, PeerId peer) implements CallOutput {}

  /**
   * Say something to a peer; answered by {@link Calls#signalled}.
   *
   * @param id names the signal
   * @param to whom
   * @param sealed an {@link dev.culvert.identity.Envelope}
   * @param attempt how often what is in it was said before without the peer acknowledging it: with
   *     each, another node is to be tried
   */
  record Signal(long id, PeerId to, Bytes sealed, int attempt) implements CallOutput {}
}
