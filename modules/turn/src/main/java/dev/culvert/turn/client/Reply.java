package dev.culvert.turn.client;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.stun.StunMessage;

/** What came of a request, challenges apart. */
sealed interface Reply {

  /** Whoever asked. */
  @FunctionalInterface
  interface Taker {
    void take(Reply reply, MonotonicTime now);
  }

  /** The server did as it was asked. */
  record Granted(StunMessage response) implements Reply {}

  /**
   * It refused.
   *
   * @param proven whether the answer proved to be the server's
   */
  record Refused(int code, String reason, StunMessage response, boolean proven) implements Reply {}

  /** No usable answer came. */
  record Unanswered(String reason) implements Reply {}

  /** The server's error code; 0 if there is none. */
  default int code() {
    return 0;
  }

  /** Why it came to nothing, one line for people. */
  default String reason() {
    return "";
  }
}
