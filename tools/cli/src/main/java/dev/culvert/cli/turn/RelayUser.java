package dev.culvert.cli.turn;

import dev.culvert.stun.LongTermCredential;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who asks a relay, and what the name alone tells about why it may be refused.
 *
 * @param credential for the relay
 * @param kind what the user name looks like
 * @param expiry when the name says that it ends; empty unless it is time-limited
 * @param minted whether it was made of a secret just now
 */
record RelayUser(
    LongTermCredential credential, Kind kind, Optional<Instant> expiry, boolean minted) {
  private static final Pattern TIME_LIMITED = Pattern.compile("([0-9]{1,13})(:.*)?");
  private static final Pattern TURNED_ROUND = Pattern.compile(".*:([0-9]{9,13})");

  /** Seconds since 1970 have so many digits for the next centuries. */
  private static final int DIGITS_OF_SECONDS = 10;

  /** What a user name looks like. */
  enum Kind {
    /** A name alone. */
    NAMED,
    /** {@code EXPIRY} or {@code EXPIRY:NAME}. */
    TIME_LIMITED,
    /** The same with milliseconds in place of seconds. */
    MILLISECONDS,
    /** {@code NAME:EXPIRY}. */
    TURNED_ROUND
  }

  /**
   * What a name and a password are.
   *
   * @throws IllegalArgumentException if no STUN message can hold them
   */
  static RelayUser of(String username, String password) {
    return of(new LongTermCredential(username, password), false);
  }

  /** The same for a credential, made of a secret or given. */
  static RelayUser of(LongTermCredential credential, boolean minted) {
    String username = credential.username();
    Matcher limited = TIME_LIMITED.matcher(username);
    if (limited.matches()) {
      long number = Long.parseLong(limited.group(1));
      boolean millis = limited.group(1).length() > DIGITS_OF_SECONDS;
      return new RelayUser(
          credential,
          millis ? Kind.MILLISECONDS : Kind.TIME_LIMITED,
          Optional.of(millis ? Instant.ofEpochMilli(number) : Instant.ofEpochSecond(number)),
          minted);
    }
    return new RelayUser(
        credential,
        TURNED_ROUND.matcher(username).matches() ? Kind.TURNED_ROUND : Kind.NAMED,
        Optional.empty(),
        minted);
  }

  /** How long ago it expired by a clock; empty if it did not. */
  Optional<Duration> expiredSince(Instant now) {
    return kind == Kind.TIME_LIMITED
        ? expiry.map(end -> Duration.between(end, now)).filter(since -> !since.isNegative())
        : Optional.empty();
  }
}
