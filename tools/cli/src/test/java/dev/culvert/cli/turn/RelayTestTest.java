package dev.culvert.cli.turn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.turn.Trouble.Cause;
import dev.culvert.cli.turn.WayResult.Outcome;
import dev.culvert.detect.IpFamily;
import dev.culvert.natsim.Dependence;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.NatBehaviour;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.turn.client.TurnClient;
import dev.culvert.turn.client.TurnClientConfig;
import dev.culvert.turn.server.IpPrefix;
import dev.culvert.turn.server.RelayAddress;
import dev.culvert.turn.server.TurnLimits;
import dev.culvert.turn.server.TurnServer;
import dev.culvert.turn.server.TurnServerConfig;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine in virtual time, against this project's own relay. */
class RelayTestTest {
  private static final String UDP = "turn:203.0.113.10";
  private static final TurnLimits LIMITS = TurnLimits.STANDARD;

  private final RelayWorld world = new RelayWorld(1);

  private static void passed(WayResult result) {
    assertEquals(Outcome.PASS, result.outcome(), result.toString());
    assertEquals(Optional.empty(), result.trouble());
  }

  private Trouble fails(Cause cause, String uri) {
    WayResult result = world.one(uri);
    assertEquals(Outcome.FAIL, result.outcome(), result.toString());
    Trouble why = result.trouble().orElseThrow();
    assertEquals(cause, why.cause(), why.toString());
    assertEquals(cause.exitCode(), result.failure());
    return why;
  }

  private static void says(Trouble why, String... words) {
    for (String word : words) {
      assertTrue(why.line().contains(word), word + " is not in: " + why.line());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "turn:203.0.113.10",
        "turn:relay.example:3478?transport=tcp",
        "turns:relay.example"
      })
  void datagramsGoThroughASecondAllocation(String uri) {
    TurnServer relay = world.relay();
    WayResult result = world.one(uri);
    passed(result);
    WayResult.Echo echo = result.echo().orElseThrow();
    assertEquals("a second allocation", echo.peer());
    EchoFigures figures = echo.figures();
    assertEquals(List.of(10, 10), List.of(figures.sent(), figures.back()));
    assertEquals(0, figures.reordered() + figures.duplicates() + figures.altered());
    long millis = figures.median().orElseThrow().toMillis();
    assertTrue(millis >= 80 && millis < 90, "twice there and back, 20 ms each way: " + millis);
    assertEquals(Optional.of("example.org"), result.allocation().orElseThrow().realm());
    assertTrue(
        world.steps.get(0).startsWith("401: it asks for credentials in the realm 'example.org'"),
        world.steps.toString());
    assertEquals(0, relay.allocations(), "everything is given back");
  }

  @Test
  void eachWayIsTriedOnceTheOneBeforeIsOver() {
    TurnServer relay = world.relay();
    world.begin(UDP, UDP + "?transport=tcp", "turns:203.0.113.10");
    int most = 0;
    for (int i = 0; i < 100; i++) {
      world.world.run(Duration.ofMillis(20));
      most = Math.max(most, relay.allocations());
    }
    world.end();
    assertEquals(2, most);
    assertEquals(
        List.of(Transport.UDP, Transport.TCP, Transport.TLS),
        world.results.stream().map(WayResult::transport).toList());
    world.results.forEach(RelayTestTest::passed);
  }

  @Test
  void anUnknownUserAndAWrongPasswordAreNotToldApart() {
    world.relay();
    world.user = RelayUser.of("user", "guess");
    says(
        fails(Cause.CREDENTIALS, UDP),
        "refuses the credentials in the realm 'example.org' (401)",
        "there is no such user, or the password is wrong");
  }

  @Test
  void anExpiredCredentialIsToldWithTheTimeSince() {
    world.relay();
    world.user = world.minted(RelayWorld.SECRET, Duration.ofHours(-3));
    says(
        fails(Cause.EXPIRED, UDP),
        "they expired 3 h ago by this machine's clock (2025-12-31T21:00:00Z)",
        "culvert turn cred");
  }

  @Test
  void aWrongSecretIsToldBesideAClockThatIsAhead() {
    world.relay();
    world.user = world.minted("south", Duration.ofHours(5));
    says(
        fails(Cause.CREDENTIALS, UDP),
        "the secret is not the relay's",
        "the relay's clock is more than 4 h ahead",
        "static-auth-secret");
  }

  @Test
  void aRightSecretPasses() {
    world.relay();
    world.user = world.minted(RelayWorld.SECRET, Duration.ofMinutes(5));
    passed(world.one(UDP));
  }

  @Test
  void aNameThatIsTurnedRoundIsSeen() {
    world.relay();
    world.user = RelayUser.of("me:1900000000", "x");
    says(fails(Cause.USER_NAME, UDP), "NAME:EXPIRY", "want EXPIRY:NAME");
  }

  @Test
  void anExpiryInMillisecondsIsSeen() {
    world.relay();
    world.user = RelayUser.of("1900000000000:me", "x");
    says(fails(Cause.USER_NAME, UDP), "in milliseconds", "seconds since 1970");
  }

  @Test
  void anotherRealmThanTheExpectedOneFails() {
    TurnServer relay = world.relay();
    world.realm = Optional.of("example.com");
    says(fails(Cause.REALM, UDP), "its realm is 'example.org', not 'example.com'");
    assertEquals(0, relay.allocations());
  }

  @Test
  void aUserWithAllItsAllocationsIsOverItsQuota() {
    world.relay(RelayWorld.config(RelayWorld.PUBLIC, new TurnLimits(10, 1, 0, 16, 16, 0, 0)));
    world.host("other", RelayWorld.ip("198.51.100.9")).run(client(), event -> {});
    world.world.run(Duration.ofSeconds(1));
    says(fails(Cause.QUOTA, UDP), "(486)", "--limit-user-allocations");
  }

  private TurnClient client() {
    return new TurnClient(
        TurnClientConfig.of(
            new TransportAddress(RelayWorld.RELAY, 3478),
            Transport.UDP,
            new LongTermCredential("user", "secret")),
        world.world.newRandom());
  }

  @Test
  void oneAllocationIsEnoughWithAnOwnSocket() {
    world.relay(RelayWorld.config(RelayWorld.PUBLIC, new TurnLimits(10, 1, 0, 16, 16, 0, 0)));
    WayResult result = world.one(UDP);
    passed(result);
    assertEquals("an own socket", result.echo().orElseThrow().peer());
    assertTrue(result.notes().get(0).contains("(486)"), result.notes().toString());
  }

  @Test
  void aRelayThatDrainsHasNoRoom() {
    world.relay().drain();
    says(fails(Cause.CAPACITY, UDP), "(508)");
  }

  @Test
  void aRedirectionIsFollowedAndTold() {
    world
        .relay(
            RelayWorld.config(
                RelayWorld.PUBLIC, LIMITS, List.of(RelayWorld.at("203.0.113.20", 3478))))
        .drain();
    TurnServer other =
        world.relay(
            TurnServerConfig.standard(),
            RelayWorld.ip("203.0.113.20"),
            RelayWorld.ip("203.0.113.20"));
    WayResult result = world.one(UDP);
    passed(result);
    assertEquals(RelayWorld.at("203.0.113.20", 3478), result.allocation().orElseThrow().server());
    assertEquals(List.of("it sent this client to 203.0.113.20:3478 (300)"), result.notes());
    assertEquals(0, other.allocations());
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, a private address",
    "127.0.0.1, a private address",
    "fd00::1, differ in IP version",
    "192.0.2.77, its rules deny"
  })
  void aPeerThatIsRefusedIsNamedWithTheRule(String peer, String words) {
    world.relay(
        RelayWorld.config(
            RelayWorld.PUBLIC.denying(IpPrefix.parse("192.0.2.77/32").orElseThrow()), LIMITS));
    world.peer = new PeerChoice(PeerChoice.Kind.ELSEWHERE, Optional.of(RelayWorld.at(peer, 9)));
    says(fails(Cause.PEER_REFUSED, UDP), peer.replace("fd00::1", "fd00:"), words);
  }

  @Test
  void aRelayThatRefusesItselfIsTestedWithAnOwnSocket() {
    TurnServer relay = world.relay();
    world.begin(UDP);
    assertTrue(world.world.runUntil(() -> relay.allocations() == 2, Duration.ofSeconds(5)));
    RelayAddress elsewhere = new RelayAddress(RelayWorld.RELAY, RelayWorld.ip("192.0.2.50"));
    world.resources.orElseThrow().announce(elsewhere);
    world.end();
    WayResult result = world.results.get(0);
    passed(result);
    assertEquals("an own socket", result.echo().orElseThrow().peer());
    assertTrue(
        result.notes().get(0).contains("which is its own address"), result.notes().toString());
  }

  @ParameterizedTest
  @CsvSource({
    "ENDPOINT_INDEPENDENT, ENDPOINT_INDEPENDENT",
    "ENDPOINT_INDEPENDENT, ADDRESS_AND_PORT",
    "ADDRESS_AND_PORT, ADDRESS_AND_PORT"
  })
  void bothPeersWorkBehindNats(Dependence mapping, Dependence filtering) {
    TurnServer relay = world.relay();
    world.nat = Optional.of(NatBehaviour.of(mapping, filtering));
    world.peer = PeerChoice.parse("own");
    WayResult own = world.one(UDP);
    passed(own);
    assertEquals("198.51.100.1", own.echo().orElseThrow().address().ip().getHostAddress());
    RelayWorld again = new RelayWorld(2);
    again.relay();
    again.nat = world.nat;
    passed(again.one(UDP));
    assertEquals(0, relay.allocations());
  }

  @Test
  void aHostThatIsSilentOverUdpGetsNoAnswer() {
    world.host("silent", RelayWorld.RELAY).quiet(true);
    says(fails(Cause.NO_ANSWER, UDP), "no answer over UDP port 3478", "firewalls");
    assertEquals(ExitCode.TIMEOUT, world.results.get(0).failure());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?transport=tcp"})
  void aHostWhereNobodyListensRefuses(String query) {
    world.host("empty", RelayWorld.RELAY);
    String port = query.isEmpty() ? "UDP port 3478" : "TCP port 3478";
    says(fails(Cause.REFUSED, UDP + query), "nobody listens on " + port);
  }

  @Test
  void aSilentPortOfTcpIsNoConnection() {
    world.host("silent", RelayWorld.RELAY).quiet(true);
    says(fails(Cause.NO_ANSWER, UDP + "?transport=tcp"), "no connection to TCP port 3478");
  }

  @Test
  void namesThatLeadNowhereAreToldFromADeadDns() {
    says(fails(Cause.NO_HOST, "turn:nobody.example"), "there is no host nobody.example");
    RelayWorld offline = new RelayWorld(1);
    offline.world.names().dead(true);
    WayResult result = offline.one("turn:relay.example");
    assertEquals(Cause.DNS, result.trouble().orElseThrow().cause(), result.toString());
    assertEquals(ExitCode.NO_NETWORK, result.failure());
  }

  @Test
  void relayedIpv6MayBeMissingUnlessItIsDemanded() {
    world.relay();
    world.relayed = EnumSet.allOf(IpFamily.class);
    List<WayResult> both = world.run(UDP);
    assertEquals(
        List.of(Outcome.PASS, Outcome.SKIP), both.stream().map(WayResult::outcome).toList());
    assertEquals(Cause.NO_RELAYED_FAMILY, both.get(1).trouble().orElseThrow().cause());
    RelayWorld strict = new RelayWorld(1);
    strict.relay();
    strict.relayed = EnumSet.of(IpFamily.IPV6);
    strict.relayedDemanded = true;
    assertEquals(Outcome.FAIL, strict.one(UDP).outcome());
  }

  @Test
  void relayedIpv6IsTriedOverIpv4() {
    world.relay(
        TurnServerConfig.standard(),
        RelayWorld.RELAY,
        RelayWorld.RELAY,
        RelayWorld.ip("2001:db8::10"));
    world.relayed = EnumSet.allOf(IpFamily.class);
    List<WayResult> both = world.run(UDP);
    both.forEach(RelayTestTest::passed);
    assertTrue(both.get(1).allocation().orElseThrow().relayed().isIpv6());
  }

  @Test
  void refusedCredentialsAreNotTriedAgainForTheOtherFamily() {
    world.relay();
    world.user = RelayUser.of("user", "guess");
    world.relayed = EnumSet.allOf(IpFamily.class);
    assertEquals(1, world.run(UDP).size());
  }

  @Test
  void aFamilyThatTheHostHasNotIsLeftOut() {
    world.relay();
    world.families = EnumSet.allOf(IpFamily.class);
    List<WayResult> all = world.run("turn:relay.example");
    assertEquals(
        List.of(Outcome.PASS, Outcome.SKIP), all.stream().map(WayResult::outcome).toList());
    assertEquals("the relay has no IPv6 address", all.get(1).trouble().orElseThrow().what());
    assertEquals(ExitCode.OK, new TurnTestView(all).exitCode());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aBadLineCostsDatagramsAndIsMeasured(long seed) {
    RelayWorld bad = new RelayWorld(seed);
    TurnServer relay = bad.relay();
    bad.line = Link.of(Duration.ofMillis(30)).losing(0.05).jittering(Duration.ofMillis(40));
    bad.count = 200;
    WayResult result = bad.one(UDP);
    passed(result);
    EchoFigures figures = result.echo().orElseThrow().figures();
    String again = "seed " + seed + ": " + figures;
    assertEquals(200, figures.sent(), again);
    assertTrue(figures.lossPercent() > 5 && figures.lossPercent() < 35, again);
    assertTrue(figures.reordered() > 0, again);
    assertTrue(
        figures.fastest().orElseThrow().compareTo(figures.slowest().orElseThrow()) < 0, again);
    assertTrue(relay.allocations() <= 2, again);
  }

  @Test
  void throughputIsWhatComesBackAndBounded() {
    world.relay();
    world.throughput = Optional.of(Duration.ofSeconds(2));
    WayResult result = world.one(UDP);
    passed(result);
    Throughput carried = result.throughput().orElseThrow();
    assertEquals(Duration.ofSeconds(2), carried.elapsed());
    // 32 datagrams of 1000 bytes are under way in each of the 25 round trips of 80 ms.
    assertTrue(
        carried.datagrams() >= 24 * 32 && carried.datagrams() <= 25 * 32, carried.toString());
    assertEquals(carried.datagrams() * 1000 * 8 / 2, carried.bitsPerSecond());
  }

  @Test
  void whoeverBreaksItOffGivesEverythingBack() {
    TurnServer relay = world.relay();
    world.count = 1000;
    world.begin(UDP, "turns:203.0.113.10");
    world.world.run(Duration.ofSeconds(1));
    assertEquals(2, relay.allocations());
    world.seat.orElseThrow().execute(world.test.orElseThrow()::stop);
    world.end();
    assertEquals(0, relay.allocations());
    assertEquals(1, world.results.size());
  }

  @Test
  void timeIsUpForAllWays() {
    world.host("silent", RelayWorld.RELAY).quiet(true);
    world.limit = Duration.ofSeconds(7);
    List<WayResult> all = world.run(UDP, UDP + "?transport=tcp", "turns:203.0.113.10");
    assertEquals(
        List.of(Cause.NO_ANSWER, Cause.TIME_UP, Cause.TIME_UP),
        all.stream().map(result -> result.trouble().orElseThrow().cause()).toList());
  }

  @Test
  void anEchoServiceElsewhereIsAPeer() {
    world.relay();
    world
        .host("echo", RelayWorld.ip("192.0.2.7"))
        .run(new EchoService(RelayWorld.at("192.0.2.7", 7)), event -> {});
    world.peer =
        new PeerChoice(PeerChoice.Kind.ELSEWHERE, Optional.of(RelayWorld.at("192.0.2.7", 7)));
    passed(world.one(UDP));
    RelayWorld nobody = new RelayWorld(1);
    nobody.relay();
    nobody.peer = world.peer;
    WayResult result = nobody.one(UDP);
    assertEquals(Cause.ECHO, result.trouble().orElseThrow().cause());
    assertFalse(result.echo().isPresent());
  }

  @Test
  void aRelayThatAnnouncesAPrivateAddressIsNotedAsOutOfReach() {
    world.relay(
        RelayWorld.config(RelayWorld.PUBLIC, LIMITS), RelayWorld.RELAY, RelayWorld.ip("10.9.9.9"));
    world.peer = PeerChoice.parse("own");
    WayResult result = world.one(UDP);
    assertTrue(
        result.notes().get(0).contains("is private, so no peer outside reaches it"),
        result.toString());
  }

  @Test
  void aStunServerIsToldFromASilentPort() {
    world
        .host("stun", RelayWorld.RELAY)
        .run(EchoService.stunOnly(new TransportAddress(RelayWorld.RELAY, 3478)), event -> {});
    says(fails(Cause.NO_RELAY, UDP), "answers as a STUN server, but not as a relay");
  }

  @Test
  void somethingElseThanARelayIsNamed() {
    world
        .host("echo", RelayWorld.RELAY)
        .run(new EchoService(new TransportAddress(RelayWorld.RELAY, 3478)), event -> {});
    says(fails(Cause.PROTOCOL, UDP), "something answers, but not a relay");
  }
}
