package dev.culvert.cli.turn;

import dev.culvert.cli.Console;
import dev.culvert.cli.DurationConverter;
import dev.culvert.cli.Fault;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.turn.auth.TimeLimitedCredential;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Who asks the relay. */
public final class UserOptions {
  static final String VARIABLE = "CULVERT_TURN_USER";

  /** What a secret makes of a name: 20 bytes in base64. */
  private static final Pattern MADE_PASSWORD = Pattern.compile("[A-Za-z0-9+/]{27}=");

  @Option(
      names = "--user",
      paramLabel = "NAME:PASSWORD",
      description =
          "User name and password. Whoever can list processes sees them: prefer the environment"
              + " variable "
              + VARIABLE
              + ". A name may hold colons if a secret made the password.")
  private @Nullable String user;

  @Mixin private SecretOptions secrets = new SecretOptions();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "For whom to make credentials of the secret (default: ${DEFAULT-VALUE}).")
  private String name = "culvert";

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long those hold (default: 1h).")
  private Duration ttl = Duration.ofHours(1);

  /**
   * Name and password for a relay.
   *
   * @throws Fault if there is none, or more than one
   */
  public LongTermCredential credential(Console console) {
    return user(console, InstantSource.system()).credential();
  }

  /**
   * The user: an option before the environment, and a name before a secret there.
   *
   * @throws Fault if there is none, or more than one
   */
  RelayUser user(Console console, InstantSource clock) {
    if (user != null && secrets.isGiven()) {
      throw Fault.usage("--user and a secret are both given", "leave one of them out");
    }
    Optional<String> given =
        user != null
            ? Optional.of(user)
            : secrets.isGiven() ? Optional.empty() : console.environment(VARIABLE);
    if (given.isPresent()) {
      return parse(user != null ? "--user" : VARIABLE, given.get());
    }
    String secret =
        secrets
            .secret(console)
            .orElseThrow(
                () ->
                    Fault.usage(
                        "there are no credentials",
                        "give --user NAME:PASSWORD or --secret-file FILE, or set "
                            + VARIABLE
                            + " or "
                            + SecretOptions.VARIABLE));
    TimeLimitedCredential minted = TurnCredCommand.mint(secret, name, ttl, clock);
    return RelayUser.of(minted.forClient(), true);
  }

  /** The password is never part of a fault. */
  static RelayUser parse(String source, String text) {
    int last = text.lastIndexOf(':');
    boolean made = last > 0 && MADE_PASSWORD.matcher(text.substring(last + 1)).matches();
    int colon = made ? last : text.indexOf(':');
    if (colon < 1 || colon == text.length() - 1) {
      throw Fault.usage(source + " holds no name and password", "write NAME:PASSWORD");
    }
    try {
      return RelayUser.of(text.substring(0, colon), text.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      throw Fault.usage(source + ": " + e.getMessage(), "write NAME:PASSWORD");
    }
  }
}
