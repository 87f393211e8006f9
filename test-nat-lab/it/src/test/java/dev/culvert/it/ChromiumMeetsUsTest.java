package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.Lab;
import dev.culvert.lab.spec.LabSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Our ICE and Chromium's. Whoever offers controls; both trickle. Of three browsers "hidden" tells
 * names of multicast DNS, since its page may not use a microphone.
 */
class ChromiumMeetsUsTest {
  private static final Set<String> DONE = Set.of("connected", "completed");

  /** How a DTLS record of that kind begins, in base64: 16 fe f?. */
  private static final String HANDSHAKE = "Fv7/";

  private static final AtomicInteger IDS = new AtomicInteger();

  @TempDir static Path folder;

  private static Lab lab;
  private static RelayUnderTest relay;
  private static final Map<String, DrivenPeer> OURS = new HashMap<>();
  private static final Map<String, Chromium> BROWSERS = new HashMap<>();

  @BeforeAll
  static void startTheLab() throws Exception {
    lab =
        Lab.up(
            LabSpec.builder()
                .server("relay", 1)
                .home("cone", "prc")
                .home("hidden", "same:cone")
                .home("beside", "same:cone")
                .home("other", "prc")
                .home("sym", "sym")
                .home("open", "open")
                .build());
    relay = RelayUnderTest.on(lab.host("relay"));
    List<Callable<Boolean>> all =
        List.of(
            () -> own("beside", "beside", "--tcp"),
            () -> own("nameless", "beside", "--mdns"),
            () -> own("other", "other", "-4"),
            () -> own("open", "open", "-4", "--tcp"),
            () -> browser("hidden", false),
            () -> browser("cone", true),
            () -> browser("sym", true));
    Together.all(all);
  }

  private static boolean own(String name, String host, String... options) throws Exception {
    String at = relay.ipv4() + ":" + RelayUnderTest.PORT;
    List<String> words =
        new ArrayList<>(
            List.of(
                "--deadline=20s",
                "--stun=" + at,
                "--turn=turn:" + at + "?transport=udp",
                "--user=" + RelayUnderTest.USER + ":" + RelayUnderTest.PASSWORD));
    words.addAll(List.of(options));
    DrivenPeer ice = DrivenPeer.on(lab.host(host), words);
    ice.awaitReady();
    synchronized (OURS) {
      OURS.put(name, ice);
    }
    return true;
  }

  private static boolean browser(String host, boolean permitted) throws Exception {
    Chromium browser = Chromium.on(lab.host(host), folder, permitted);
    synchronized (BROWSERS) {
      BROWSERS.put(host, browser);
    }
    return true;
  }

  @AfterAll
  static void endTheLab() throws Exception {
    for (Chromium browser : BROWSERS.values()) {
      browser.close();
    }
    for (DrivenPeer ice : OURS.values()) {
      ice.close();
    }
    assertTrue(relay.alive(), relay.output());
    lab.close();
  }

  /** The two of them, connected or about to be. */
  private record Meeting(OwnPeer ours, ChromiumPeer browser, Courier courier)
      implements AutoCloseable {
    /**
     * Datagrams get there, and so does the browser's first flight of DTLS, which nobody answers and
     * which it therefore sends again and again.
     *
     * @param from what we were told before does not count
     */
    void exchange(int from) throws Exception {
      ours.await(
          from,
          "data",
          its -> its.name().equals("received") && its.field("data").startsWith(HANDSHAKE));
      int before = browser.pair().received();
      Eventually.until(
          "data at " + browser,
          Limits.PROMPT,
          () -> {
            ours.send(Base64.getDecoder().decode(HANDSHAKE));
            return browser.pair().received() > before;
          });
    }

    @Override
    public void close() throws IOException {
      courier.close();
      browser.close();
      ours.close();
    }
  }

  private static Meeting meet(
      String us, String them, boolean weOffer, String servers, String transport) throws Exception {
    String id = "page-" + IDS.incrementAndGet();
    DrivenPeer ice = Objects.requireNonNull(OURS.get(us));
    Chromium browser = Objects.requireNonNull(BROWSERS.get(them));
    OwnPeer ours = OwnPeer.open(ice, id, weOffer, "prefer-direct");
    ChromiumPeer its = ChromiumPeer.in(browser, id, configuration(servers), !weOffer);
    Courier courier = Courier.between(ours, its, Only.of(transport));
    courier.begin();
    return new Meeting(ours, its, courier);
  }

  /** As {@code RTCPeerConnection} takes it. */
  private static String configuration(String servers) {
    String at = relay.ipv4() + ":" + RelayUnderTest.PORT;
    String secure = relay.ipv4() + ":" + RelayUnderTest.TLS_PORT;
    String user =
        "', username: '" + RelayUnderTest.USER + "', credential: '" + RelayUnderTest.PASSWORD;
    return switch (servers) {
      case "none" -> "{}";
      case "stun" -> "{iceServers: [{urls: 'stun:" + at + "'}]}";
      case "relay" -> relaying("turn:" + at + "?transport=udp" + user, "all");
      case "relay-udp" -> relaying("turn:" + at + "?transport=udp" + user, "relay");
      case "relay-tcp" -> relaying("turn:" + at + "?transport=tcp" + user, "relay");
      default -> relaying("turns:" + secure + "?transport=tcp" + user, "relay");
    };
  }

  private static String relaying(String server, String policy) {
    return "{iceServers: [{urls: '" + server + "'}], iceTransportPolicy: '" + policy + "'}";
  }

  @ParameterizedTest
  @CsvSource({
    "beside, hidden, none, udp, udp .* (host|prflx) -",
    "beside, cone, none, udp, udp .* host -",
    "beside, cone, none, tcp, tcp .* host -",
    "nameless, cone, none, udp, udp .* (host|prflx) -",
    "nameless, hidden, none, udp, udp .* (host|prflx) -",
    "other, cone, stun, udp, udp .* (srflx|prflx) -",
    "other, hidden, stun, udp, udp .* (srflx|prflx) -",
    "open, sym, stun, udp, udp .* host -",
    "open, sym, stun, tcp, tcp .* host -",
    "other, sym, relay, udp, 'udp (relay|.* relay) .*'",
    "other, sym, relay-udp, udp, udp relay .* udp",
    "other, sym, relay-tcp, udp, udp relay .* tcp",
    "other, sym, relay-tls, udp, udp relay .* tls",
    "other, hidden, relay-udp, udp, udp relay .* udp",
  })
  void bothRolesConnect(String us, String them, String servers, String transport, String pair)
      throws Exception {
    Together.all(
        () -> connect(us, them, true, servers, transport, pair),
        () -> connect(us, them, false, servers, transport, pair));
  }

  private static boolean connect(
      String us, String them, boolean weOffer, String servers, String transport, String pair)
      throws Exception {
    try (Meeting meeting = meet(us, them, weOffer, servers, transport)) {
      meeting.browser().awaitState(0, DONE);
      DrivenEvent path =
          meeting.ours().await(0, "path", its -> its.field("selected").equals("true"));
      assertEquals(transport, path.field("transport"), path::toString);
      meeting.exchange(0);
      // It may have moved to a better pair since.
      Eventually.until(
          pair + " from " + meeting.browser(),
          Limits.PROMPT,
          () -> meeting.browser().pair().words().matches(pair));
    }
    return true;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLiteAgentIsLedWhoeverOffers(boolean weOffer) throws Exception {
    String id = "lite-" + IDS.incrementAndGet();
    OwnPeer ours = OwnPeer.lite(Objects.requireNonNull(OURS.get("open")), id);
    Chromium browser = Objects.requireNonNull(BROWSERS.get("sym"));
    ChromiumPeer its = ChromiumPeer.in(browser, id, "{}", !weOffer);
    Courier courier = Courier.between(ours, its, Only.of("udp"));
    courier.begin();
    try (Meeting meeting = new Meeting(ours, its, courier)) {
      meeting.browser().awaitState(0, DONE);
      meeting.ours().await(0, "path", event -> event.field("selected").equals("true"));
      meeting.exchange(0);
    }
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void eitherRestarts(boolean weOffer, boolean weRestart) throws Exception {
    try (Meeting meeting = meet("other", "cone", weOffer, "stun", "udp")) {
      meeting.browser().awaitState(0, DONE);
      meeting.exchange(0);
      String before = meeting.browser().pair().ufrag();
      int ours = meeting.ours().now();
      (weRestart ? meeting.ours() : meeting.browser()).restart();
      meeting.ours().await(ours, "restart", its -> its.name().equals("restarted"));
      meeting.ours().await(ours, "path", its -> its.name().equals("path"));
      Eventually.until(
          "another pair than of " + before + ": " + meeting.browser(),
          Limits.PROMPT,
          () -> !Set.of(before, "-").contains(meeting.browser().pair().ufrag()));
      meeting.exchange(meeting.ours().now());
    }
  }
}
