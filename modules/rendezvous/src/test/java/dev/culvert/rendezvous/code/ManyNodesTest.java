package dev.culvert.rendezvous.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PeerId;
import dev.culvert.rendezvous.code.IntroductionEvent.Cause;
import dev.culvert.rendezvous.code.Parlour.Person;
import dev.culvert.rendezvous.wire.Frame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManyNodesTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theNumberLeadsToTheNodeWhereTheHostIs(long seed) {
    Parlour parlour = new Parlour(5, seed);
    PeerId home = parlour.ids().get(3);
    Person alice = parlour.host("Alice").attach(home);
    assertEquals(home, Code.ranking(alice.code().number(), parlour.ids()).get(0));
    Person bob = parlour.guest("Bob", alice.code()).attach(home);
    assertEquals(alice.key.id(), bob.met().peer());
    assertEquals(1, alice.events.size() - 1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void whenTheNodeDiesTheHostWaitsAtAnother(long seed) {
    Parlour parlour = new Parlour(3, seed);
    Person alice = parlour.host("Alice").attachToAll();
    List<PeerId> order = Code.ranking(alice.code().number(), parlour.ids());
    parlour.kill(order.get(0));
    Person bob = parlour.guest("Bob", alice.code()).attachToAll();
    assertEquals(alice.key.id(), bob.met().peer());
    assertEquals(bob.key.id(), alice.met().peer());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aGuestThatKnowsOtherNodesTooLooksEverywhere(long seed) {
    Parlour parlour = new Parlour(4, seed);
    PeerId home = parlour.ids().get(0);
    Person alice = parlour.host("Alice").attach(home);
    Person bob = parlour.guest("Bob", alice.code());
    List<PeerId> order = Code.ranking(alice.code().number(), parlour.ids());
    bob.attach(order.get(3)).attach(order.get(2));
    assertTrue(bob.events.isEmpty());
    bob.attach(home);
    assertEquals(alice.key.id(), bob.met().peer());
  }

  /** Else its guests would have to guess which of two hosts is meant. */
  @Test
  void aNumberThatIsTakenIsNotTold() {
    Parlour parlour = new Parlour(1, 4);
    List<Frame> refused = new ArrayList<>();
    parlour.lie =
        frame ->
            frame.map(
                its -> {
                  if (its instanceof Frame.Plate plate && refused.size() < 3) {
                    refused.add(its);
                    return new Frame.Refusal(
                        Optional.of(plate.re()), Frame.Code.STALE, "taken", Optional.empty());
                  }
                  return its;
                });
    // Each of the refused ones stands, so it is refused for having too many, too.
    Person alice = parlour.host("Alice").attachToAll();
    assertEquals(2, refused.size());
    assertEquals(List.of(), alice.events);
    parlour.pass(Duration.ofSeconds(30));
    assertEquals(Cause.NO_NODE, alice.failed());

    parlour.lie = frame -> frame;
    Person carol = parlour.host("Carol").attachToAll();
    Person dave = parlour.guest("Dave", carol.code()).attachToAll();
    assertEquals(carol.key.id(), dave.met().peer());
  }
}
