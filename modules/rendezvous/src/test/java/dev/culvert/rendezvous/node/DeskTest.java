package dev.culvert.rendezvous.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.node.Doorstep.Visitor;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.rendezvous.wire.FrameText;
import dev.culvert.sansio.Bytes;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is told fits into a message, whatever was registered. */
class DeskTest {
  private static final Bytes NAMESPACE = Bytes.wrap(new byte[32]);

  /** One of a later version, in which more is said. */
  private static Frame register(Doorstep door, Visitor visitor, int length) {
    ByteBuffer payload = ByteBuffer.allocate(length);
    payload.position(32);
    payload.putLong(1).putLong(door.time().plusSeconds(1800).getEpochSecond());
    Signed record = Signed.by(visitor.key, "rdv1-record", Bytes.wrap(payload.array()));
    visitor.say(new Frame.Register(1, record, List.of(NAMESPACE)));
    return visitor.next();
  }

  @Test
  void aRecordOfMoreThan128BytesIsTooLong() {
    Doorstep door = new Doorstep(NodeConfig.standard());
    Visitor alice = door.peer("10.0.0.1");
    Frame.Refusal refusal = assertInstanceOf(Frame.Refusal.class, register(door, alice, 129));
    assertEquals(Frame.Code.TOO_LONG, refusal.code());
    assertEquals(0, door.node.counts().records());
    assertInstanceOf(Frame.Registered.class, register(door, alice, 128));
  }

  @Test
  void aPageOfTheLongestRecordsFitsIntoAMessage() {
    Doorstep door = new Doorstep(NodeConfig.standard());
    Set<Object> wanted = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      Visitor member = door.peer("10.0." + i + ".1");
      assertInstanceOf(Frame.Registered.class, register(door, member, 128));
      wanted.add(member.key.id());
    }
    Visitor alice = door.peer("10.1.0.1");
    Set<Object> found = new HashSet<>();
    Optional<String> cookie = Optional.empty();
    int pages = 0;
    do {
      alice.say(new Frame.Discover(++pages, NAMESPACE, cookie, 50));
      Frame.Members page = alice.next(Frame.Members.class);
      assertTrue(FrameText.write(page).length() <= FrameText.LONGEST);
      page.records().forEach(record -> found.add(record.signer()));
      cookie = page.cookie();
    } while (cookie.isPresent() && pages < 10);
    assertEquals(2, pages);
    assertEquals(wanted, found);
  }
}
