package dev.culvert.rendezvous.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.PeerRecord;
import dev.culvert.sansio.Bytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DirectoryTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);
  private static final int MANY = 2000;

  /** All have one hash: 31 more in a byte makes up for 1 less in the next. */
  private static List<Bytes> colliding() {
    List<Bytes> all = new ArrayList<>();
    for (int number = 0; number < MANY; number++) {
      byte[] bytes = new byte[32];
      for (int bit = 0; bit < 16; bit++) {
        boolean set = (number >> bit & 1) == 1;
        bytes[2 * bit] = (byte) (set ? 32 : 1);
        bytes[2 * bit + 1] = (byte) (set ? 1 : 2);
      }
      all.add(Bytes.wrap(bytes));
    }
    return all;
  }

  @Test
  void namesThatCollideAreAllFound() {
    List<Bytes> tokens = colliding();
    assertEquals(1, tokens.stream().map(Bytes::hashCode).distinct().count());
    assertEquals(MANY, new HashSet<>(tokens).size());
    PeerKey key = PeerKey.generate(new Random(5));
    PeerRecord record = new PeerRecord(key.id(), Bytes.wrap(new byte[32]), 1, NOW.plusSeconds(600));
    Signed signed = record.sign(key);
    Directory directory = new Directory(100);
    directory.register(record, signed, tokens, Optional.empty(), NOW);
    for (Bytes token : tokens) {
      assertEquals(1, directory.members(token, Optional.empty(), 5, NOW).size());
    }
    directory.remove(key.id());
    for (Bytes token : tokens) {
      assertEquals(List.of(), directory.members(token, Optional.empty(), 5, NOW));
    }
  }

  @Test
  void idsThatCollideAreInOrder() {
    Comparable<PeerId> one = new PeerId(colliding().get(0));
    PeerId other = new PeerId(colliding().get(1));
    assertEquals(one.hashCode(), other.hashCode());
    assertEquals(-1, Integer.signum(one.compareTo(other)));
  }
}
