package dev.culvert.natsim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.sansio.Answer;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.LocalService;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Question;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of {@link Output.Publish}, and of questions about names in {@code local}. */
class LinkNamesTest {
  private static final Link FIVE_MS = Link.of(Duration.ofMillis(5));
  private static final String NAME = "1f4712db-ea17-4bcf-a596-105139dfd8bf.local";
  private static final InetAddress OUTSIDE = ip("198.51.100.1");
  private static final InetAddress ITS = ip("192.168.1.2");

  private final World world = new World(6762);
  private final Network home =
      world
          .internet()
          .nat(
              "nat",
              FIVE_MS,
              NatBehaviour.of(Dependence.ENDPOINT_INDEPENDENT, Dependence.ENDPOINT_INDEPENDENT),
              OUTSIDE)
          .inside();
  private final Talker publisher = Talker.mute();
  private final Host publishing = home.host("publisher", FIVE_MS, ITS);
  private final Resident<String> seat = publishing.run(publisher, event -> {});
  private final Host neighbour = home.host("neighbour", FIVE_MS, ip("192.168.1.3"));
  private final Host stranger = world.internet().host("stranger", FIVE_MS, ip("203.0.113.9"));

  private void publish(long id, String name, InetAddress ip) {
    seat.execute(now -> publisher.perform(new Output.Publish(id, name, ip)));
    world.run(Duration.ZERO);
  }

  private record Told(Answer answer, Duration after) {}

  private Told ask(Host asker, String name) {
    Talker talker = Talker.mute().ask(1, new Question.Addresses(name));
    MonotonicTime start = world.now();
    asker.run(talker, event -> {});
    while (talker.told(Input.Answered.class).isEmpty()) {
      world.run(Duration.ofMillis(1));
    }
    return new Told(talker.told(Input.Answered.class).get(0).answer(), world.now().since(start));
  }

  private static Answer found(InetAddress... ips) {
    return new Answer.Addresses(List.of(ips));
  }

  private static Told nobody(String name) {
    return new Told(
        new Answer.Failed("nobody on the local network answers for " + name),
        Duration.ofSeconds(3));
  }

  @ParameterizedTest
  @ValueSource(strings = {NAME, NAME + ".", "1F4712DB-EA17-4BCF-A596-105139DFD8BF.LOCAL"})
  void neighboursLearnTheAddressInOneRoundTrip(String asked) {
    publish(4, NAME, ITS);
    assertEquals(List.of(new Input.Published(4)), publisher.inputs);
    assertEquals(new Told(found(ITS), Duration.ofMillis(20)), ask(neighbour, asked));
    assertEquals(found(ITS), ask(publishing, asked).answer());
  }

  @Test
  void nobodyBehindARouterHearsTheQuestion() {
    publish(4, NAME, ITS);
    assertEquals(nobody(NAME), ask(stranger, NAME));
  }

  @Test
  void whoHasAnAddressInTheNetworkHearsIt() {
    publish(4, NAME, ITS);
    stranger.join(home, FIVE_MS, ip("192.168.1.4"));
    assertEquals(found(ITS), ask(stranger, NAME).answer());
  }

  @Test
  void theDnsIsNeitherAskedNorMixedIn() {
    world.names().host(NAME, List.of(ip("203.0.113.1")));
    assertEquals(nobody(NAME), ask(neighbour, NAME));
    publish(4, NAME, ITS);
    assertEquals(found(ITS), ask(neighbour, NAME).answer());
  }

  @Test
  void aNameMayStandForSeveralAddresses() {
    publishing.join(home, FIVE_MS, ip("2001:db8::2"));
    publish(4, NAME, ITS);
    publish(5, NAME, ip("2001:db8::2"));
    assertEquals(found(ITS, ip("2001:db8::2")), ask(neighbour, NAME).answer());
  }

  @Test
  void whatIsClosedIsNotAnsweredAnyMore() {
    publish(4, NAME, ITS);
    publish(5, "other.local", ITS);
    seat.execute(now -> publisher.close(4));
    assertEquals(nobody(NAME), ask(neighbour, NAME));
    assertEquals(found(ITS), ask(neighbour, "other.local").answer());
    seat.stop();
    assertEquals(nobody("other.local"), ask(neighbour, "other.local"));
  }

  @Test
  void aHostThatIsOffOrCutOffAnswersNot() {
    publish(4, NAME, ITS);
    publishing.down(true);
    assertEquals(nobody(NAME), ask(neighbour, NAME));
    publishing.down(false).cut(true);
    assertEquals(nobody(NAME), ask(neighbour, NAME));
    publishing.cut(false);
    neighbour.cut(true);
    assertEquals(nobody(NAME), ask(neighbour, NAME));
    neighbour.cut(false);
    publishing.leave();
    assertEquals(nobody(NAME), ask(neighbour, NAME));
  }

  @Test
  void strangeAddressesAndStrangeNamesAreRefused() {
    publish(4, NAME, ip("192.168.1.77"));
    publish(5, "example.org", ITS);
    publish(6, "a.b.local", ITS);
    assertEquals(
        List.of(
            new Input.PublishFailed(4, "no such address on this host"),
            new Input.PublishFailed(5, "example.org is not a name.local"),
            new Input.PublishFailed(6, "a.b.local is not a name.local")),
        publisher.inputs);
  }

  private static InetAddress ip(String literal) {
    return IpLiterals.parse(literal).orElseThrow();
  }

  private static final LocalService SERVICE =
      new LocalService("_culvert._tcp", "one", 443, List.of("id=x", "Path=/"));

  private Answer browse(Host asker, String type) {
    Talker talker = Talker.mute().ask(1, new Question.LocalServices(type));
    asker.run(talker, event -> {});
    world.run(Duration.ofSeconds(3));
    return talker.told(Input.Answered.class).get(0).answer();
  }

  @Test
  void servicesAreFoundOnTheLinkAndNowhereElseUntilTheyEnd() {
    seat.execute(now -> publisher.perform(new Output.Announce(4, SERVICE, ITS)));
    world.run(Duration.ZERO);
    assertEquals(List.of(new Input.Published(4)), publisher.inputs);
    Answer found = new Answer.LocalServices(List.of(new Answer.Found(SERVICE, List.of(ITS))));
    assertEquals(found, browse(neighbour, "_culvert._tcp"));
    assertEquals(found(ITS), ask(neighbour, "one.local").answer());
    assertEquals(new Answer.NotFound(), browse(neighbour, "_other._tcp"));
    assertEquals(new Answer.NotFound(), browse(stranger, "_culvert._tcp"));
    seat.execute(now -> publisher.perform(new Output.Close(4)));
    assertEquals(new Answer.NotFound(), browse(neighbour, "_culvert._tcp"));
  }

  @Test
  void onlyWhatIsHereIsAnnounced() {
    seat.execute(now -> publisher.perform(new Output.Announce(5, SERVICE, OUTSIDE)));
    world.run(Duration.ZERO);
    assertEquals(
        List.of(new Input.PublishFailed(5, "no such address on this host")), publisher.inputs);
  }
}
