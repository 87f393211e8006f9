package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.sansio.IpLiterals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * coturn's turnutils_uclient relays through our node and loses nothing: over every transport, by
 * channels and by indications, to a peer and from one client to the other, for either IP version.
 */
class UclientTest {
  private static final int MESSAGES = 20;
  private static final int TRIES = 12;

  /**
   * Over TLS it reads ahead and forgets what arrived together with something else, so nothing may:
   * milliseconds between messages, far more than a busy machine holds one up.
   */
  private static final String TLS_PACE = "400";

  /** Each client has a second one for RTCP, unless told not to. */
  private static final int CLIENTS = 2;

  private static Lab lab;
  private static RelayUnderTest relay;
  private static String peer4;
  private static String peer6;

  @BeforeAll
  static void startTheLab() throws Exception {
    lab = Lab.up(LabSpec.builder().server("relay", 1).server("peer", 1).home("a", "prc").build());
    peer4 = IpLiterals.format(lab.host("peer").ipv4().get(0), false);
    peer6 = IpLiterals.format(lab.host("peer").ipv6().get(0), false);
    // The relay's own network stays denied: clients reach each other's relayed addresses all the
    // same.
    relay = RelayUnderTest.on(lab.host("relay"), "--allow-peer", peer4, "--allow-peer", peer6);
    lab.host("peer").start("turnutils_peer", "-L", peer4, "-L", peer6);
    Eventually.until(
        "turnutils_peer listens",
        Limits.PROMPT,
        () -> lab.host("peer").run(Limits.PROMPT, "ss", "-lunH").lines().size() >= 4);
  }

  @AfterAll
  static void endTheLab() throws LabException {
    assertTrue(relay.alive(), relay.output());
    lab.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Channels, then Send indications.
        "-e peer4",
        "-s -e peer4",
        "-t -e peer4",
        "-t -s -e peer4",
        "-t -D -e peer4",
        "-t -S -e peer4",
        "-t -S -s -e peer4",
        // DONT-FRAGMENT
        "-g -e peer4",
        // An IPv4 client with an IPv6 address and the other way round; the server comes from that.
        "-x -e peer6",
        "6 -x -e peer6",
        "6 -X -e peer4",
        "6 -t -x -e peer6",
        "6 -t -S -x -e peer6",
        // 1,200 bytes are what media and QUIC send.
        "-l 1200 -e peer4",
        "-t -l 1200 -e peer4"
      })
  void reachesAPeer(String options) throws Exception {
    assertNothingLost(CLIENTS, options);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-y",
        "-y -s",
        "-y -t",
        "-y -t -s",
        "-y -t -S",
        "6 -x -y",
        "6 -x -y -t",
        // Further permissions and channels
        "-y -G",
      })
  void oneClientReachesTheOther(String options) throws Exception {
    assertNothingLost(2 * CLIENTS, options);
  }

  /**
   * ADDITIONAL-ADDRESS-FAMILY. Of its allocation for both families it gives back one or the other
   * or neither, as chance has it, and then wants to reach its peer all the same.
   */
  @ParameterizedTest
  @ValueSource(strings = {"-Z -e peer4", "-Z -t -e peer4"})
  void anAllocationOfBothFamiliesServes(String options) throws Exception {
    Uclient told = Uclient.run(lab.host("a"), words(known(), options));
    for (int i = 1; i < TRIES && told.exitCode() != 0; i++) {
      assertTrue(told.text().contains("443 (Peer Address Family Mismatch)"), told.text());
      told = Uclient.run(lab.host("a"), words(known(), options));
    }
    assertNothingLost(1, told);
  }

  @Test
  void tenClientsReachTenOthers() throws Exception {
    assertNothingLost(10, "-y -c -m 10");
  }

  /** RFC 6062; it implies client to client without a second connection for RTCP. */
  @ParameterizedTest
  @ValueSource(strings = {"-T", "6 -T -x", "-T -S"})
  void relaysTcp(String options) throws Exception {
    assertNothingLost(2, options);
  }

  /** Its user name has the time of day in it, its password comes from the shared secret. */
  @ParameterizedTest
  @ValueSource(strings = {"-e peer4", "-t -e peer4", "-y", "-T"})
  void passwordsFromASharedSecretAreTaken(String options) throws Exception {
    int clients = options.equals("-y") ? 2 * CLIENTS : CLIENTS;
    assertNothingLost(clients, List.of("-u", "bob", "-W", RelayUnderTest.SECRET), options);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-w wrong", "-W wrong"})
  void wrongPasswordsAreNot(String password) throws Exception {
    List<String> user = new ArrayList<>(List.of("-u", RelayUnderTest.USER));
    user.addAll(List.of(password.split(" ", -1)));
    Uclient told = Uclient.run(lab.host("a"), words(user, "-e peer4"));
    assertNotEquals(0, told.exitCode(), told.text());
    assertEquals(OptionalLong.empty(), told.sent(), told.text());
  }

  /** It also shows that this test would notice. */
  @Test
  void allIsLostWhereNobodyListens() throws Exception {
    Uclient told = Uclient.run(lab.host("a"), words(known(), "-r 9 -e peer4"));
    assertEquals(OptionalLong.of(CLIENTS * MESSAGES), told.sent(), told.text());
    assertEquals(CLIENTS * MESSAGES, told.lost(), told.text());
  }

  private static void assertNothingLost(int clients, String options) throws Exception {
    assertNothingLost(clients, known(), options);
  }

  private static void assertNothingLost(int clients, List<String> user, String options)
      throws Exception {
    assertNothingLost(clients, Uclient.run(lab.host("a"), words(user, options)));
  }

  private static void assertNothingLost(int clients, Uclient told) {
    assertEquals(0, told.exitCode(), told.text());
    assertEquals(OptionalLong.of((long) clients * MESSAGES), told.sent(), told.text());
    assertEquals((long) clients * MESSAGES, told.received(), told.text());
    assertEquals(0, told.lost() + told.dropped(), told.text());
  }

  private static List<String> known() {
    return List.of("-u", RelayUnderTest.USER, "-w", RelayUnderTest.PASSWORD);
  }

  private static List<String> words(List<String> user, String options) {
    List<String> words = new ArrayList<>(user);
    words.addAll(List.of("-n", String.valueOf(MESSAGES)));
    List<String> rest = Arrays.asList(options.split(" ", -1));
    boolean ipv6 = rest.get(0).equals("6");
    boolean secure = rest.contains("-S");
    words.addAll(
        List.of("-p", String.valueOf(secure ? RelayUnderTest.TLS_PORT : RelayUnderTest.PORT)));
    if (secure) {
      words.addAll(List.of("-z", TLS_PACE));
    }
    rest.stream()
        .filter(word -> !word.equals("6"))
        .map(word -> word.equals("peer4") ? peer4 : word.equals("peer6") ? peer6 : word)
        .forEach(words::add);
    words.add(ipv6 ? relay.ipv6() : relay.ipv4());
    return words;
  }
}
