package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.lab.verb.Verbs;
import dev.culvert.it.Holders.Client;
import dev.culvert.lab.LabException;
import dev.culvert.lab.LabHost;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LabSpecBuilder;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.lab.world.VerbRun;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The relay's client and a stranger's relay: over every transport, and when coturn says no. */
@Execution(ExecutionMode.SAME_THREAD)
class RelayThroughCoturnTest {
  private static final String SECRET = "open sesame";
  private static final String ANYBODY = "--user=lab:lab";

  private static KernelWorld world;
  private static RelayKey key;
  private static CoturnRelay brief;
  private static Holders clients;

  @BeforeAll
  static void startTheLab() throws Exception {
    LabSpecBuilder spec = LabSpec.builder().home("a", "prc").home("b", "sym").home("c", "blocked");
    List.of("relay", "rest", "stale", "quota", "brief").forEach(name -> spec.server(name, 1));
    world = KernelWorld.up(spec.build());
    key = RelayKey.make();
    start("relay", ANYBODY);
    start("rest", "--use-auth-secret", "--static-auth-secret=" + SECRET);
    start("stale", ANYBODY, "--stale-nonce=2");
    start("quota", ANYBODY, "--user-quota=1");
    brief = start("brief", ANYBODY);
    clients = Holders.on(world.lab().host("a"), clients());
  }

  private static CoturnRelay start(String server, String... options) throws Exception {
    return CoturnRelay.on(world.lab().host(server), key, options);
  }

  /** All of them live side by side, in one process. */
  private static List<Client> clients() throws Exception {
    List<Client> all = new ArrayList<>();
    for (Transport over : Holders.TRANSPORTS) {
      all.add(client(over.name() + "-4", over, "relay"));
      InetAddress ipv6 = world.lab().host("relay").ipv6().get(0);
      all.add(Client.of(over.name() + "-6", over, ipv6, CoturnRelay.TLS_PORT, key.pin()));
      all.add(client("", over, "relay").as(over.name() + "-wrong", "lab", "wrong"));
    }
    InetAddress relay = world.lab().host("relay").ipv4().get(0);
    String stranger = RelayKey.make().pin();
    all.add(Client.of("stranger", Transport.TLS, relay, CoturnRelay.TLS_PORT, stranger));
    Client rest = client("", Transport.UDP, "rest");
    String valid = Instant.now().plus(Duration.ofHours(1)).getEpochSecond() + ":alice";
    String expired = Instant.now().minus(Duration.ofHours(1)).getEpochSecond() + ":alice";
    all.add(rest.as("valid", valid, password(valid)));
    all.add(rest.as("expired", expired, password(expired)));
    all.add(client("stale-UDP", Transport.UDP, "stale"));
    all.add(client("stale-TLS", Transport.TLS, "stale"));
    all.add(client("quota-1", Transport.UDP, "quota"));
    all.add(client("quota-2", Transport.UDP, "quota"));
    for (Transport over : List.of(Transport.UDP, Transport.TLS)) {
      all.add(client("brief-" + over, over, "brief"));
      all.add(client("again-" + over, over, "brief").reallocating());
    }
    return all;
  }

  private static Client client(String name, Transport over, String server) {
    InetAddress ip = world.lab().host(server).ipv4().get(0);
    return Client.of(name, over, ip, CoturnRelay.TLS_PORT, key.pin());
  }

  private static String password(String user) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
    return Base64.getEncoder().encodeToString(mac.doFinal(user.getBytes(StandardCharsets.UTF_8)));
  }

  @AfterAll
  static void endTheLab() throws LabException {
    world.close();
  }

  @ParameterizedTest
  @CsvSource({"c, b, any, tcp, udp", "a, c, tls, tls, tls", "a, b, dtls, dtls, dtls"})
  void twoClientsMeet(String from, String to, String over, String ours, String theirs)
      throws Exception {
    int port = ours.endsWith("tls") ? CoturnRelay.TLS_PORT : 3478;
    LabHost relay = world.lab().host("relay");
    String server = IpLiterals.format(relay.ipv4().get(0), false) + ":" + port;
    List<String> words = List.of(to, "--over", over, "--server", server, "--pin", key.pin());
    VerbRun run = Verbs.named("relay").start(world, from, words);
    assertTrue(world.await(run::isDone, Limits.PROMPT), run::output);
    Map<String, String> fields = run.fields();
    assertEquals("relayed", fields.get("outcome"), run::output);
    assertEquals(List.of(ours, theirs), List.of(fields.get("over"), fields.get("peer.over")));
    assertEquals(List.of("0", "0"), List.of(fields.get("lost"), fields.get("peer.lost")));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WEBSOCKET")
  void everyTransportHoldsAnAllocationOfEitherFamily(Transport over) throws Exception {
    Map<String, String> ipv4 = clients.await(over.name() + "-4", RelayThroughCoturnTest::flows);
    Map<String, String> ipv6 = clients.await(over.name() + "-6", RelayThroughCoturnTest::flows);
    assertTrue(ipv6.getOrDefault("relayed", "").startsWith("[2001:db8:"), ipv6::toString);
    for (Map<String, String> fields : List.of(ipv4, ipv6)) {
      assertEquals("1", fields.get("allocations"), fields::toString);
      assertEquals("1", fields.get("challenges"), fields::toString);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WEBSOCKET")
  void aWrongPasswordIsToldAndNotTriedAgain(Transport over) throws Exception {
    Map<String, String> fields = clients.await(over.name() + "-wrong", "failed");
    assertTrue(fields.getOrDefault("reason", "").contains("does not accept"), fields::toString);
    assertEquals("2", fields.get("challenges"), fields::toString);
    // A first sending may be repeated on a busy machine.
    assertTrue(Holders.number(fields, "requests") <= 6, fields::toString);
  }

  @Test
  void anotherKeyThanThePinnedIsNotSpokenTo() throws Exception {
    Map<String, String> fields = clients.await("stranger", "failed");
    assertEquals("0", fields.get("requests"), fields::toString);
    assertTrue(fields.getOrDefault("reason", "").startsWith("TLS to "), fields::toString);
  }

  @Test
  void passwordsFromASharedSecretAreTakenUntilTheyExpire() throws Exception {
    assertEquals("1", clients.await("valid", RelayThroughCoturnTest::flows).get("challenges"));
    Map<String, String> fields = clients.await("expired", "failed");
    assertTrue(fields.getOrDefault("reason", "").contains("does not accept"), fields::toString);
  }

  /** coturn changes its nonce every two seconds, and is asked every four. */
  @ParameterizedTest
  @ValueSource(strings = {"stale-UDP", "stale-TLS"})
  void anOutdatedNonceIsReplaced(String name) throws Exception {
    Map<String, String> fields =
        clients.await(
            name,
            now ->
                Holders.number(now, "staleNonces") >= 2 && Holders.number(now, "refreshes") >= 2);
    assertEquals("holding", fields.get("outcome"), fields::toString);
    assertEquals("0", fields.get("losses"), fields::toString);
    clients.await(name, RelayThroughCoturnTest::flows);
  }

  /** Of one user's two clients one is refused with 486, and leaves coturn alone. */
  @Test
  void aQuotaMakesItWait() throws Exception {
    clients.await("quota-1", now -> !"none".equals(now.getOrDefault("outcome", "none")));
    clients.await("quota-2", now -> !"none".equals(now.getOrDefault("outcome", "none")));
    boolean first = "waiting".equals(clients.fields("quota-1").get("outcome"));
    String waits = first ? "quota-1" : "quota-2";
    clients.await(first ? "quota-2" : "quota-1", RelayThroughCoturnTest::flows);
    world.pass(Duration.ofSeconds(3));
    Map<String, String> fields = clients.await(waits, "waiting");
    assertTrue(fields.getOrDefault("reason", "").contains("486"), fields::toString);
    assertEquals("1", fields.get("postponements"), fields::toString);
    assertTrue(Holders.number(fields, "requests") <= 6, fields::toString);
  }

  @Test
  void aRestartIsToldAsALossAndRecoveredFrom() throws Exception {
    List<Transport> both = List.of(Transport.UDP, Transport.TLS);
    for (Transport over : both) {
      clients.await("brief-" + over, RelayThroughCoturnTest::flows);
      clients.await("again-" + over, RelayThroughCoturnTest::flows);
    }
    brief.close();
    brief = start("brief", ANYBODY);
    for (Transport over : both) {
      Map<String, String> fields = clients.await("brief-" + over, "lost");
      assertEquals("1", fields.get("losses"), fields::toString);
      clients.await("again-" + over, now -> flows(now) && Holders.number(now, "allocations") >= 2);
    }
  }

  private static boolean flows(Map<String, String> fields) {
    return "holding".equals(fields.get("outcome")) && "true".equals(fields.get("flows"));
  }
}
