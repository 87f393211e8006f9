package dev.culvert.cli.node;

import dev.culvert.cli.DurationConverter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the relay, apart from its limits. */
final class RelayOptions {
  @Option(
      names = "--relay",
      negatable = true,
      description =
          "Relay for those who have credentials (TURN, RFC 8656), on all addresses listened on.")
  boolean relay;

  @Option(
      names = "--realm",
      paramLabel = "REALM",
      description =
          "What the credentials are for, best your domain name (default: ${DEFAULT-VALUE}).")
  String realm = "culvert";

  @Option(
      names = "--user",
      paramLabel = "NAME:PASSWORD",
      description =
          "Who may relay; may be repeated. Whoever can list processes sees it: prefer a file, or"
              + " lines in the environment variable CULVERT_USERS.")
  List<String> users = new ArrayList<>();

  @Option(
      names = "--users-file",
      paramLabel = "FILE",
      description =
          "File with a NAME:PASSWORD on each line; or NAME:0xKEY, the MD5 or SHA-256 of"
              + " NAME:REALM:PASSWORD in hexadecimal digits.")
  @Nullable Path usersFile;

  @Option(
      names = "--auth-secret",
      paramLabel = "SECRET",
      description =
          "Secret shared with whoever hands out time-limited credentials: the name is EXPIRY[:NAME]"
              + " with the expiry in seconds since 1970, the password is base64(HMAC-SHA1(SECRET,"
              + " name)). May be repeated, the newest first. Prefer a file, or lines in the"
              + " environment variable CULVERT_AUTH_SECRET. With neither users nor secrets one is"
              + " made and shown.")
  List<String> secrets = new ArrayList<>();

  @Option(
      names = "--auth-secret-file",
      paramLabel = "FILE",
      description = "File with such a secret on each line, the newest first.")
  @Nullable Path secretsFile;

  @Option(
      names = "--allow-peer",
      paramLabel = "CIDR",
      description =
          "Relay to these addresses too, such as 10.0.0.0/8; may be repeated. Without it all that"
              + " is not public Internet is refused. Of several ranges the longest decides.")
  List<String> allowed = new ArrayList<>();

  @Option(
      names = "--deny-peer",
      paramLabel = "CIDR",
      description = "Never relay to these addresses; may be repeated.")
  List<String> denied = new ArrayList<>();

  @Option(
      names = "--relay-ip",
      paramLabel = "ADDRESS",
      description =
          "Address of this machine that relays, one for each IP version (default: the first one"
              + " listened on; of all addresses the first public one, or else a private one).")
  List<String> relayIps = new ArrayList<>();

  @Option(
      names = "--external-ip",
      paramLabel = "PUBLIC[/LOCAL]|auto",
      description =
          "Address under which a NAT that keeps ports shows the relaying one to the world; one for"
              + " each IP version. 'auto': what --stun-server sees.")
  List<String> externalIps = new ArrayList<>();

  @Option(
      names = "--stun-server",
      paramLabel = "HOST[:PORT]",
      description =
          "A STUN server on the far side of the NAT, asked again and again which address of the"
              + " relay it sees, and whether it can reach the relay's ports; for that it needs RFC"
              + " 5780 (default: nobody is asked).")
  @Nullable String stunServer;

  @Option(
      names = "--stun-every",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      description = "How often it is asked (default: 300s).")
  Duration stunEvery = Duration.ofMinutes(5);

  @Option(
      names = "--relay-ports",
      paramLabel = "FIRST-LAST",
      description = "Ports to relay on (default: ${DEFAULT-VALUE}).")
  String ports = "49152-65535";

  @Option(
      names = "--alternate-server",
      paramLabel = "ADDRESS[:PORT]",
      description = "Where to send clients when this relay is full or ends; may be repeated.")
  List<String> alternates = new ArrayList<>();
}
