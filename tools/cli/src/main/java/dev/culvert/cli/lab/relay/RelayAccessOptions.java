package dev.culvert.cli.lab.relay;

import dev.culvert.cli.Fault;
import dev.culvert.cli.lab.reach.ReachLines;
import dev.culvert.identity.SpkiPin;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.turn.client.TurnClientConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of a client's process that say which relay it uses, how, and as whom. */
public final class RelayAccessOptions {
  @Option(
      names = "--way",
      required = true,
      paramLabel = "TRANSPORT=ADDRESS:PORT",
      description =
          "How to speak to the relay: udp, tcp, tls or dtls; repeated for what to try next.")
  private List<String> ways = new ArrayList<>();

  @Option(
      names = "--pin",
      paramLabel = "sha256//BASE64",
      description = "The key that the relay proves to have over TLS and DTLS.")
  private String pin = "";

  @Option(names = "--user", required = true, paramLabel = "NAME", description = "User name.")
  private String user = "";

  @Option(names = "--password", required = true, paramLabel = "TEXT", description = "Password.")
  private String password = "";

  /** Options at their defaults. */
  public RelayAccessOptions() {}

  /** A client's configuration for each way. */
  public List<TurnClientConfig> configs() {
    return ways.stream().map(this::config).toList();
  }

  private TurnClientConfig config(String text) {
    int equals = text.indexOf('=');
    Optional<TransportAddress> server =
        equals < 0 ? Optional.empty() : ReachLines.address(text.substring(equals + 1));
    if (server.isEmpty()) {
      throw Fault.usage("--way '" + text + "' is no way", "write udp=192.0.2.1:3478");
    }
    LongTermCredential credential = new LongTermCredential(user, password);
    Transport over =
        switch (text.substring(0, equals).toLowerCase(Locale.ROOT)) {
          case "udp" -> Transport.UDP;
          case "tcp" -> Transport.TCP;
          case "tls" -> Transport.TLS;
          case "dtls" -> Transport.DTLS;
          default ->
              throw Fault.usage("--way '" + text + "' is no way", "write udp, tcp, tls or dtls");
        };
    return RelayPlan.asUsual(
        over.isSecure()
            ? TurnClientConfig.secure(server.get(), over, identity(), credential)
            : TurnClientConfig.of(server.get(), over, credential));
  }

  private ServerIdentity identity() {
    return SpkiPin.parse(pin)
        .map(parsed -> new ServerIdentity.PinnedKey(parsed.sha256()))
        .orElseThrow(() -> Fault.usage("--pin '" + pin + "' is no pin", "TLS needs one"));
  }
}
