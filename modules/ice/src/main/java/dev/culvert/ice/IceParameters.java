package dev.culvert.ice;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an agent tells the other of itself beside its candidates (RFC 8839 §5.3 to §5.7).
 *
 * @param credentials of this generation of candidates
 * @param lite whether it only answers checks (RFC 8445 §2.5)
 * @param options words such as {@code trickle}, {@code ice2}, {@code renomination}
 * @param pacing the interval between checks that it asks for; empty stands for 50 ms
 * @param answering the ufrag of the other agent that these credentials go with, as soon as there is
 *     one; it tells a restart from the answer to one where no offer and answer do (RFC 3264), and
 *     SDP has no word for it
 */
public record IceParameters(
    IceCredentials credentials,
    boolean lite,
    Set<String> options,
    Optional<Duration> pacing,
    Optional<String> answering) {
  private static final Pattern OPTION = Pattern.compile("[!-~]{1,256}");

  /** It understands candidates that come one by one (RFC 8838). */
  public static final String TRICKLE = "trickle";

  /** It does as RFC 8445 says, not as RFC 5245 did. */
  public static final String ICE2 = "ice2";

  /** A controlling agent may nominate again, and the last nomination holds. */
  public static final String RENOMINATION = "renomination";

  /**
   * An option of ours: whoever says it begins the check of a pair as soon as pacing and foundation
   * let it, and gives it up 6 s later, or after six sendings if pacing makes them take longer. The
   * other side can tell when nothing will come of it any more.
   */
  public static final String BRISK = "culvert/brisk";

  /**
   * An option of ours: whoever says it pads the answer to a check that has PADDING (RFC 5780 §7.6)
   * to the check's own length, and does not send data on a pair that large datagrams do not pass if
   * there is another.
   */
  public static final String PADDED = "culvert/padded";

  /** Copies the options; refuses one that is no word, which would say something else in SDP. */
  public IceParameters {
    options = Set.copyOf(options);
    if (!options.stream().allMatch(IceParameters::isOption)) {
      throw new IllegalArgumentException("an option is a word of 1 to 256 visible characters");
    }
  }

  /** Whether this can be an option; more than RFC 8839 §5.6 allows, as others are in use. */
  public static boolean isOption(String word) {
    return OPTION.matcher(word).matches();
  }

  /** One that does not say whom it answers. */
  public IceParameters(
      IceCredentials credentials, boolean lite, Set<String> options, Optional<Duration> pacing) {
    this(credentials, lite, options, pacing, Optional.empty());
  }

  /** A full agent of which nothing more is known. */
  public static IceParameters of(IceCredentials credentials) {
    return new IceParameters(credentials, false, Set.of(), Optional.empty());
  }
}
