package dev.culvert.cli.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Culvert;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import dev.culvert.turn.auth.TimeLimitedUsers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A relay as its operator starts it and as its clients meet it. */
class RelayProcessTest {
  private static final InetAddress LOOPBACK = IpLiterals.parse("127.0.0.1").orElseThrow();

  /** In the year 2100. */
  private static final String NAME = "4102444800:me";

  private static Process relay(String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Culvert.class.getName(),
                "node",
                "--listen",
                "127.0.0.1:0",
                "--threads",
                "1",
                "--relay"));
    command.addAll(List.of(options));
    return new ProcessBuilder(command).start();
  }

  private static String find(InputStream stream, String pattern) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(stream, UTF_8));
    List<String> read = new ArrayList<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher matcher = Pattern.compile(pattern).matcher(line);
      if (matcher.find()) {
        return matcher.group(1);
      }
      read.add(line);
    }
    throw new AssertionError("no " + pattern + " in " + read);
  }

  private static int port(Process relay, String more) throws IOException {
    String ready = "^ready stun udp=127\\.0\\.0\\.1:(\\d+) ";
    return Integer.parseInt(find(relay.getInputStream(), ready + more));
  }

  @Test
  void aSecretThatWasMadeLetsItsHoldersInAndNobodyElse() throws Exception {
    Process relay = relay();
    try {
      String secret = find(relay.getErrorStream(), "^relay auth-secret=([0-9a-f]{48}) ");
      int port = port(relay, ".*turn relay=127\\.0\\.0\\.1 ports=49152-65535 realm=culvert$");
      RequestedTransport udp = new RequestedTransport(RequestedTransport.UDP);
      try (RelayProcessClient stranger =
              new RelayProcessClient(port, NAME, TimeLimitedUsers.password("guess", NAME));
          RelayProcessClient friend =
              new RelayProcessClient(port, NAME, TimeLimitedUsers.password(secret, NAME))) {
        StunMessage refused = stranger.ask(Method.ALLOCATE, udp);
        assertEquals(401, refused.error().orElseThrow().code());
        assertTrue(stranger.challengeLength() + 28 <= 4 * (28 + 28));

        StunMessage allocated = friend.ask(Method.ALLOCATE, udp);
        assertEquals(MessageClass.SUCCESS_RESPONSE, allocated.messageClass());
        TransportAddress relayed = allocated.first(XorRelayedAddress.class).orElseThrow().address();
        assertEquals(LOOPBACK, relayed.ip());
        assertTrue(relayed.port() >= 49152, relayed.toString());

        for (String forbidden : List.of("127.0.0.1", "127.0.0.2", "10.0.0.1", "169.254.169.254")) {
          StunMessage answer = friend.ask(Method.CREATE_PERMISSION, peer(forbidden));
          assertEquals(403, answer.error().orElseThrow().code(), forbidden);
        }
      }
      relay.toHandle().destroy();
      relay.waitFor();
    } finally {
      relay.destroyForcibly();
    }
  }

  @Test
  void whatTheOperatorAllowsIsPermitted() throws Exception {
    Process relay =
        relay(
            "--auth-secret",
            "north",
            "--allow-peer",
            "127.0.0.2/32",
            "--relay-ports",
            "50000-50099");
    try {
      int port = port(relay, ".*ports=50000-50099 ");
      try (RelayProcessClient client =
          new RelayProcessClient(port, NAME, TimeLimitedUsers.password("north", NAME))) {
        StunMessage allocated =
            client.ask(Method.ALLOCATE, new RequestedTransport(RequestedTransport.UDP));
        int relayed = allocated.first(XorRelayedAddress.class).orElseThrow().address().port();
        assertTrue(relayed >= 50000 && relayed <= 50099, "port " + relayed);
        assertEquals(
            MessageClass.SUCCESS_RESPONSE,
            client.ask(Method.CREATE_PERMISSION, peer("127.0.0.2")).messageClass());
        StunMessage denied = client.ask(Method.CREATE_PERMISSION, peer("127.0.0.3"));
        assertEquals(403, denied.error().orElseThrow().code());
      }
      relay.toHandle().destroy();
      relay.waitFor();
    } finally {
      relay.destroyForcibly();
    }
  }

  private static XorPeerAddress peer(String ip) {
    return new XorPeerAddress(new TransportAddress(IpLiterals.parse(ip).orElseThrow(), 9));
  }
}
