package dev.culvert.rendezvous.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PeerKey;
import dev.culvert.natsim.Host;
import dev.culvert.natsim.Link;
import dev.culvert.natsim.Resident;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.code.Card;
import dev.culvert.rendezvous.code.Code;
import dev.culvert.rendezvous.code.CodeException;
import dev.culvert.rendezvous.code.Introducer;
import dev.culvert.rendezvous.code.IntroductionEvent;
import dev.culvert.rendezvous.code.IntroductionEvent.Cause;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Introductions over connections of their own, in a simulated Internet. */
class NodeLinesTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  private VirtualTown town = new VirtualTown(0);
  private int people;

  private final class Person {
    final PeerKey key = PeerKey.generate(town.world.newRandom());
    final Card card = new Card(Optional.of("Person " + people), List.of());
    final List<IntroductionEvent> events = new ArrayList<>();
    final Introducer introducer;
    final Resident<IntroductionEvent> seat;

    Person(Function<MonotonicTime, Function<Person, Introducer>> maker) {
      people++;
      introducer = maker.apply(town.world.now()).apply(this);
      Host host =
          town.world
              .internet()
              .host(
                  "person" + people,
                  Link.of(Duration.ofMillis(9)),
                  VirtualTown.ip("198.51.100." + people));
      seat = host.run(introducer, events::add);
    }

    boolean isDone() {
      return !events.isEmpty()
          && (events.get(events.size() - 1) instanceof IntroductionEvent.Met
              || events.get(events.size() - 1) instanceof IntroductionEvent.Failed);
    }

    Code code() {
      town.until(SOON, "a code", () -> !events.isEmpty());
      if (events.get(0) instanceof IntroductionEvent.Ready ready) {
        return ready.code();
      }
      throw new AssertionError(events.toString());
    }
  }

  private Person host(List<KnownNode> nodes) {
    return new Person(
        now ->
            person ->
                Introducer.host(
                    person.key, person.card, nodes, town.world.newRandom(), town::time, now));
  }

  private Person guest(Code code, List<KnownNode> nodes) {
    return new Person(
        now ->
            person ->
                Introducer.guest(
                    person.key, person.card, code, nodes, town.world.newRandom(), town::time, now));
  }

  private void assertMeet(Person host, Person guest) {
    town.until(SOON.multipliedBy(2), "they meet", () -> host.isDone() && guest.isDone());
    for (Person[] each : new Person[][] {{host, guest}, {guest, host}}) {
      IntroductionEvent last = each[0].events.get(each[0].events.size() - 1);
      if (!(last instanceof IntroductionEvent.Met met)) {
        throw new AssertionError(each[0].events.toString());
      }
      assertEquals(each[1].key.id(), met.whom().peer());
      assertEquals(each[1].card, met.whom().card());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void twoMeetThoughOneKnowsMoreNodes(long seed) {
    town = new VirtualTown(seed).withNodes(4);
    List<KnownNode> all = town.pinned(NodeSource.CONFIGURED);
    Person alice = host(all.subList(0, 3));
    Code code = alice.code();
    assertMeet(alice, guest(code, all));
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6})
  void anotherNodeDoesWhenTheirsIsKilled(long seed) {
    town = new VirtualTown(seed).withNodes(3);
    List<KnownNode> all = town.pinned(NodeSource.CONFIGURED);
    Person alice = host(all);
    Code code = alice.code();
    town.node(
            Code.ranking(
                    code.number(),
                    all.stream().map(KnownNode::id).flatMap(Optional::stream).toList())
                .get(0))
        .kill();
    assertMeet(alice, guest(code, all));
  }

  @Test
  void whatCannotBeReachedIsSaid() {
    town = new VirtualTown(7).withNodes(2);
    List<KnownNode> all = town.pinned(NodeSource.CONFIGURED);
    town.nodes.forEach(VirtualTown.Site::kill);
    Person bob = guest(code(), all);
    town.until(Duration.ofSeconds(90), "it fails", bob::isDone);
    assertEquals(List.of(new IntroductionEvent.Failed(Cause.NO_NODE)), bob.events);
    assertEquals(2, bob.introducer.complaints().size(), bob.introducer.complaints().toString());
  }

  @Test
  void whoIntroducesThemselvesStaysAttachedElsewhere() {
    town = new VirtualTown(9).withNodes(2);
    List<KnownNode> nodes = town.pinned(NodeSource.CONFIGURED);
    Person alice = host(nodes);
    VirtualPeer running =
        town.peer(AttachmentsConfig.standard(), alice.key, /* clockAhead= */ Duration.ZERO);
    running.know(nodes);
    town.until(SOON, "attached", () -> town.areAttached(2));
    Code code = alice.code();
    assertMeet(alice, guest(code, nodes));
    town.world.run(Duration.ofSeconds(5));
    assertEquals(2, running.attached().size());
    assertEquals(1, running.openedTo(town.nodes.get(0).address));
    assertEquals(1, running.openedTo(town.nodes.get(1).address));
  }

  @Test
  void aNumberThatNobodyHoldsIsToldAtOnce() {
    town = new VirtualTown(8).withNodes(3);
    MonotonicTime before = town.world.now();
    Person bob = guest(code(), town.pinned(NodeSource.CONFIGURED));
    town.until(SOON, "it fails", bob::isDone);
    assertEquals(List.of(new IntroductionEvent.Failed(Cause.NO_SUCH_CODE)), bob.events);
    assertTrue(town.world.now().since(before).compareTo(Duration.ofSeconds(2)) < 0);
    bob.seat.execute(bob.introducer::close);
    assertEquals(Optional.empty(), bob.introducer.nextDeadline());
  }

  private static Code code() {
    try {
      return Code.parse("4821-acid-zebra");
    } catch (CodeException e) {
      throw new AssertionError(e);
    }
  }
}
