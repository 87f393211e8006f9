package dev.culvert.cli.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.cli.Streams;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.server.StunListener;
import dev.culvert.transport.server.StunServer;
import dev.culvert.transport.server.StunServerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExternalWatchTest {
  private static final String PORTS = "30000-39999";

  private final StringWriter err = new StringWriter();
  private final Console console =
      new Console(
          new Streams(
              new PrintWriter(new StringWriter()),
              new PrintWriter(err),
              false,
              false,
              true,
              Map.of()));
  private final FakeStun stun;
  private final NodeOptions options = new NodeOptions();

  ExternalWatchTest() throws IOException {
    stun = new FakeStun();
    options.listen = List.of("127.0.0.1:0");
    options.relay.relay = true;
    options.relay.users = List.of("alice:one");
    options.relay.ports = PORTS;
    options.relay.stunServer = stun.address();
  }

  @AfterEach
  void close() {
    stun.close();
  }

  private Relay relay() {
    return NodePlan.of(options, List.of(), console).relay().orElseThrow();
  }

  private ExternalWatch watch(Relay relay) {
    return new ExternalWatch(relay.external().orElseThrow(), relay, console);
  }

  private static String announced(Relay relay) {
    return IpLiterals.format(relay.addresses().get(0).announced(), false);
  }

  private String told() {
    String text = err.toString();
    err.getBuffer().setLength(0);
    return text;
  }

  @Test
  void announcesWhatIsSeenAndWhatIsSeenLater() {
    options.relay.externalIps = List.of("auto");
    stun.reachesPorts = true;
    stun.seeing("203.0.113.5");
    Relay relay = relay();
    try (ExternalWatch watch = watch(relay)) {
      watch.begin();
      assertEquals("203.0.113.5", announced(relay));
      assertEquals(
          "external address of 127.0.0.1: 203.0.113.5, seen by " + stun.address() + "\n", told());
      watch.look();
      assertEquals("relay 203.0.113.5: reachable\n", told());
      watch.look();
      assertEquals("", told());
      stun.seeing("203.0.113.77");
      watch.look();
      assertEquals("203.0.113.77", announced(relay));
      String told = told();
      assertTrue(told.contains("203.0.113.77, seen by "), told);
      assertTrue(told.contains("; new allocations are told it from now on\n"), told);
    }
  }

  @Test
  void withoutANatThereIsNothingToAnnounce() {
    options.relay.externalIps = List.of("auto");
    Relay relay = relay();
    try (ExternalWatch watch = watch(relay)) {
      watch.begin();
      assertEquals("127.0.0.1", announced(relay));
      watch.look();
      assertEquals(
          "warning: relay 127.0.0.1: filtered; open UDP ports "
              + PORTS
              + " of 127.0.0.1 in the firewall\n",
          told());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "false, true, false, false, 'warning: relay 203.0.113.5: filtered; forward UDP ports '",
    "false, true, false, true, 'relay 203.0.113.5: reachable once a port has sent; for peers '",
    "false, false, false, true, 'relay 203.0.113.5: unknown; a STUN server with RFC 5780 '",
    "true, true, false, true, 'warning: relay 203.0.113.5: port not preserved; forward UDP '",
    "true, true, true, true, 'relay 203.0.113.5: reachable\n'"
  })
  void provesWhetherPortsAreReached(
      boolean shifts, boolean other, boolean ports, boolean elsewhere, String told) {
    options.relay.externalIps = List.of("auto");
    stun.shiftsPorts = shifts;
    stun.hasOther = other;
    stun.reachesPorts = ports;
    stun.reachesFromElsewhere = elsewhere;
    stun.seeing("203.0.113.5");
    try (ExternalWatch watch = watch(relay())) {
      watch.begin();
      told();
      watch.look();
      String line = told();
      assertTrue(line.startsWith(told), line);
      assertEquals(1, line.lines().count(), line);
    }
  }

  @Test
  void aServerThatIsSilentAtFirstIsAFault() {
    options.relay.externalIps = List.of("auto");
    stun.answers = false;
    try (ExternalWatch watch = watch(relay())) {
      Fault fault = assertThrows(Fault.class, watch::begin);
      assertEquals(ExitCode.NO_NETWORK, fault.exitCode());
      assertEquals(
          "--external-ip auto: the STUN server "
              + stun.address()
              + " does not answer; check"
              + " --stun-server, or give the address as --external-ip PUBLIC",
          fault.line());
    }
  }

  @Test
  void aServerThatFallsSilentChangesNothing() {
    options.relay.externalIps = List.of("auto");
    stun.seeing("203.0.113.5");
    Relay relay = relay();
    try (ExternalWatch watch = watch(relay)) {
      watch.begin();
      told();
      stun.answers = false;
      watch.look();
      watch.look();
      assertEquals(
          "warning: the STUN server "
              + stun.address()
              + " does not answer; clients are still told 203.0.113.5\n",
          told());
      assertEquals("203.0.113.5", announced(relay));
    }
  }

  @Test
  void anAddressThatWasNamedStaysAndIsCompared() {
    options.relay.externalIps = List.of("203.0.113.9");
    stun.seeing("203.0.113.5");
    Relay relay = relay();
    try (ExternalWatch watch = watch(relay)) {
      watch.begin();
      assertEquals("", told());
      watch.look();
      assertEquals(
          "warning: clients are told 203.0.113.9, but "
              + stun.address()
              + " sees 203.0.113.5; mend --external-ip\n",
          told());
      assertEquals("203.0.113.9", announced(relay));
      stun.seeing("203.0.113.9");
      stun.reachesPorts = true;
      watch.look();
      assertEquals("relay 203.0.113.9: reachable\n", told());
    }
  }

  /** Against the server of this project, which has two addresses. */
  @Test
  void isReachedWhereNothingStandsBetween() throws IOException {
    InetAddress one = IpLiterals.parse("127.0.0.1").orElseThrow();
    InetAddress two = IpLiterals.parse("127.0.0.2").orElseThrow();
    StunListener listener =
        StunListener.withAlternate(new TransportAddress(one, 0), new TransportAddress(two, 0));
    try (StunServer server = StunServer.start(StunServerConfig.of(List.of(listener)))) {
      options.relay.externalIps = List.of("auto");
      options.relay.stunServer = server.addresses(Transport.UDP).get(0).toString();
      try (ExternalWatch watch = watch(relay())) {
        watch.begin();
        watch.look();
        assertEquals("relay 127.0.0.1: reachable\n", told());
      }
    }
  }
}
