package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.it.Holders.Client;
import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LabSpecBuilder;
import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.spec.Traffic;
import dev.culvert.sansio.Transport;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Behind each profile, in the kernel's lab, our client holds an allocation of our node over each
 * transport that the profile lets pass, for either IP version, and over no other.
 */
@Execution(ExecutionMode.SAME_THREAD)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EveryTransportTest {
  private static final int PROFILES = 15;

  /** What UDP is blocked for tries for 40 s, so it begins first and is asked last. */
  private static final List<Holders> BLOCKED = new ArrayList<>();

  private static final List<Site> SITES = new ArrayList<>();

  private static RelayKey key;

  /** A lab with a relay, and homes that are known by the index of their profile. */
  private record Site(Lab lab, RelayUnderTest relay, List<Profile> profiles) {

    static Site of(List<Profile> profiles) throws Exception {
      LabSpecBuilder spec = LabSpec.builder().server("relay", 1);
      for (int i = 0; i < profiles.size(); i++) {
        spec.home("p" + i, profiles.get(i).name());
      }
      Lab lab = Lab.up(spec.build());
      String certificate = key.certificate().toString();
      return new Site(
          lab,
          RelayUnderTest.on(
              lab.host("relay"), "--cert", certificate, "--key", key.key().toString()),
          profiles);
    }

    Holders holders(Profile profile) throws Exception {
      List<Client> clients = new ArrayList<>();
      for (Transport over : Holders.TRANSPORTS) {
        clients.add(client(over + "-4", over, lab.host("relay").ipv4().get(0)));
        clients.add(client(over + "-6", over, lab.host("relay").ipv6().get(0)));
      }
      return Holders.on(lab.host("p" + profiles.indexOf(profile)), clients);
    }
  }

  @BeforeAll
  static void startTheLabs() throws Exception {
    key = RelayKey.make();
    // A lab has carrier NATs of one kind.
    Map<Boolean, List<Profile>> groups =
        Lab.profiles().stream()
            .collect(Collectors.partitioningBy(its -> its.name().equals("cgn-hairpin")));
    for (List<Profile> group : groups.values()) {
      SITES.add(Site.of(group));
    }
    for (Profile profile : Lab.profiles()) {
      if (isBlocked(profile)) {
        BLOCKED.add(holders(profile));
      }
    }
  }

  @AfterAll
  static void endTheLabs() throws LabException {
    for (Site site : SITES) {
      assertTrue(site.relay().alive(), site.relay().output());
      site.lab().close();
    }
  }

  private static Holders holders(Profile profile) throws Exception {
    Site its = SITES.stream().filter(site -> site.profiles().contains(profile)).findFirst().get();
    return its.holders(profile);
  }

  private static boolean isBlocked(Profile profile) {
    return profile.routers().stream()
        .map(NatBehaviour::traffic)
        .anyMatch(traffic -> traffic == Traffic.NO_UDP);
  }

  private static Client client(String name, Transport over, InetAddress server) {
    return Client.of(name, over, server, RelayUnderTest.TLS_PORT, key.pin())
        .as(name, RelayUnderTest.USER, RelayUnderTest.PASSWORD);
  }

  static List<Profile> open() {
    return Lab.profiles().stream().filter(profile -> !isBlocked(profile)).toList();
  }

  @ParameterizedTest
  @MethodSource("open")
  void everyTransportServes(Profile profile) throws Exception {
    try (Holders holders = holders(profile)) {
      for (Transport over : Holders.TRANSPORTS) {
        assertServes(holders, profile, over);
      }
    }
  }

  private static void assertServes(Holders holders, Profile profile, Transport over)
      throws Exception {
    for (String family : List.of("-4", "-6")) {
      Map<String, String> fields =
          holders.await(over + family, now -> "true".equals(now.get("flows")));
      String what = profile.name() + ": " + fields;
      assertEquals(over.name().toLowerCase(Locale.ROOT), fields.get("over"), what);
      assertEquals("holding", fields.get("outcome"), what);
      assertEquals("1", fields.get("allocations"), what);
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void whereUdpIsBlockedStreamsServeAndNothingElse() throws Exception {
    assertEquals(1, BLOCKED.size());
    Profile profile =
        Lab.profiles().stream().filter(EveryTransportTest::isBlocked).findFirst().get();
    Holders holders = BLOCKED.get(0);
    for (Transport over : Holders.TRANSPORTS) {
      if (over.isStream()) {
        assertServes(holders, profile, over);
        continue;
      }
      for (String family : List.of("-4", "-6")) {
        Map<String, String> fields = holders.await(over + family, "failed");
        assertEquals("0", fields.get("allocations"), fields::toString);
        assertEquals("0", fields.get("challenges"), fields::toString);
        assertNotEquals("", fields.get("reason"), fields::toString);
      }
    }
  }

  @Test
  void everyProfileIsTried() {
    assertEquals(PROFILES, open().size() + BLOCKED.size());
  }
}
