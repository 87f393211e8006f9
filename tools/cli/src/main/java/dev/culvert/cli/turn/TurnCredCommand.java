package dev.culvert.cli.turn;

import dev.culvert.cli.Console;
import dev.culvert.cli.DurationConverter;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.stun.StunUri;
import dev.culvert.turn.auth.TimeLimitedCredential;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code culvert turn cred}. */
@Command(
    name = "cred",
    header = "Makes a user name and password for a relay that shares a secret.",
    description = {
      "The name holds the moment of its expiry and the password is made of it with the"
          + " secret, so the relay needs no list of users: culvert node --auth-secret, coturn's"
          + " use-auth-secret and most other relays know them. With -o json it prints what a web"
          + " service hands to a browser (draft-uberti-behave-turn-rest)."
    },
    exitCodeList = {
      "0:it is printed",
      "2:the command line or the secret is not understood",
      "130:interrupted"
    })
public final class TurnCredCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private SecretOptions secrets = new SecretOptions();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Whose it is, as it shall stand in the relay's logs (default: nobody's).")
  private String name = "";

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long it holds, such as 10m, 12h or 7d (default: 1d).")
  private Duration ttl = Duration.ofDays(1);

  @Option(
      names = "--uri",
      paramLabel = "URI",
      description =
          "The relay's URI, such as turn:relay.example.org; may be repeated. It is printed along.")
  private List<String> uris = new ArrayList<>();

  TurnCredCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    String secret =
        secrets
            .secret(console)
            .orElseThrow(
                () ->
                    Fault.usage(
                        "there is no secret",
                        "give --secret-file FILE, --secret SECRET or " + SecretOptions.VARIABLE));
    if (ttl.toSeconds() < 1) {
      throw Fault.usage("--ttl is less than a second", "give a second or more");
    }
    console.show(
        new CredView(
            mint(secret, name, ttl, InstantSource.system()),
            ttl,
            uris.stream().map(TurnCredCommand::uri).toList()));
    return ExitCode.OK.number();
  }

  static TimeLimitedCredential mint(String secret, String name, Duration ttl, InstantSource clock) {
    try {
      return TimeLimitedCredential.mint(secret, name, clock.instant().plus(ttl));
    } catch (IllegalArgumentException e) {
      throw Fault.usage(
          String.valueOf(e.getMessage()), "give a shorter --name without control characters");
    }
  }

  private static StunUri uri(String text) {
    try {
      StunUri uri = StunUri.parse(text);
      if (!uri.scheme().isRelay()) {
        throw Fault.usage("'" + text + "' names a STUN server", "write turn: or turns:");
      }
      return uri;
    } catch (IllegalArgumentException e) {
      throw Fault.usage("--uri: " + e.getMessage(), "");
    }
  }
}
