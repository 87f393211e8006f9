package dev.culvert.rendezvous.code;

import java.time.Duration;

/** What an {@link Introduction} tells. */
public sealed interface IntroductionEvent {
  /**
   * A host's code can be told to somebody.
   *
   * @param code it
   * @param validity how long it holds
   */
  record Ready(Code code, Duration validity) implements IntroductionEvent {}

  /**
   * Somebody came to a host with other words, or went away again.
   *
   * @param left how many guesses are left
   */
  record Missed(int left) implements IntroductionEvent {}

  /**
   * The two know each other. Nothing follows.
   *
   * @param whom the other one
   */
  record Met(Introduced whom) implements IntroductionEvent {}

  /**
   * It came to nothing. Nothing follows.
   *
   * @param cause why
   */
  record Failed(Cause cause) implements IntroductionEvent {}

  /** Why an introduction came to nothing. */
  enum Cause {
    /** No node answered, or none lets the code be used. */
    NO_NODE("no node can be used for codes now", "try again later, or name other nodes"),
    /** Nobody holds that number where this peer could look. */
    NO_SUCH_CODE(
        "nobody waits under that number at these nodes",
        "check the number, and that both use the same nodes"),
    /** The other side has other words. */
    WRONG_WORDS(
        "the words are wrong, or somebody in between tried to guess them", "ask for a new code"),
    /** The other side went away or said what it should not have. */
    BROKEN_OFF("the other side broke off", "ask for a new code"),
    /** All guesses were wrong. */
    VOID("three came with wrong words, so the code is void", "make a new one and tell it again"),
    /** Nobody came in time. */
    EXPIRED("nobody came in time, so the code is void", "make a new one");

    private final String fault;
    private final String mend;

    Cause(String fault, String mend) {
      this.fault = fault;
      this.mend = mend;
    }

    /** What is wrong, for people, without a final stop. */
    public String fault() {
      return fault;
    }

    /** What to do about it, without a final stop. */
    public String mend() {
      return mend;
    }
  }
}
