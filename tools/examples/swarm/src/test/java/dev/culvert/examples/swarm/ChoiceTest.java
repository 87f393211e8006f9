package dev.culvert.examples.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChoiceTest {
  private static final int PIECE = 1 << 10;
  private static final PeerId A = PeerKey.generate(new Random(1)).id();
  private static final PeerId B = PeerKey.generate(new Random(2)).id();
  private static final PeerId C = PeerKey.generate(new Random(3)).id();

  @TempDir Path folder;
  private final byte[] content = new byte[4 * PIECE];
  private long now;
  private Pieces pieces;
  private Choice choice;

  // The folder is there only later.
  @SuppressWarnings("NullAway.Init")
  ChoiceTest() {}

  @BeforeEach
  void start() throws IOException {
    new Random(4).nextBytes(content);
    Path file = folder.resolve("file");
    Files.write(file, content);
    Manifest manifest = Manifest.of(file, PIECE);
    pieces = Pieces.of(manifest, folder.resolve("copy"));
    choice = new Choice(pieces, new Random(5), () -> now);
  }

  @AfterEach
  void close() throws IOException {
    pieces.close();
  }

  private static BitSet bits(int... which) {
    BitSet bits = new BitSet();
    for (int each : which) {
      bits.set(each);
    }
    return bits;
  }

  @Test
  void theRarestComesFirst() {
    choice.offers(A, true, bits(0, 1, 2, 3));
    choice.offers(B, true, bits(0, 1, 2));
    choice.offers(C, true, bits(0, 1));
    assertEquals(OptionalInt.of(3), choice.next(A));
    assertEquals(OptionalInt.of(2), choice.next(A));
  }

  @Test
  void nobodyIsAskedForWhatAnotherIsAskedForUntilThatTakesLong() {
    choice.offers(A, true, bits(2));
    choice.offers(B, true, bits(2));
    choice.offers(C, true, bits(2));
    assertEquals(OptionalInt.of(2), choice.next(A));
    assertEquals(OptionalInt.empty(), choice.next(B));
    now += Choice.PATIENCE.toNanos();
    assertEquals(OptionalInt.of(2), choice.next(B));
    now += Choice.PATIENCE.toNanos();
    assertEquals(OptionalInt.empty(), choice.next(C), "two are enough");
    choice.gone(A);
    assertEquals(OptionalInt.of(2), choice.next(C));
    assertEquals(2, choice.mostAtOnce());
  }

  @Test
  void overARelayNothingIsAskedForThatADirectPathWouldBring() {
    choice.offers(A, false, bits(0, 1));
    choice.offers(B, true, bits(1, 2));
    assertEquals(OptionalInt.of(0), choice.next(A));
    assertEquals(OptionalInt.empty(), choice.next(A));
    choice.gone(B);
    assertEquals(OptionalInt.of(1), choice.next(A));
  }

  @Test
  void whatIsHereOrNotThereIsNotAskedFor() throws IOException {
    byte[] first = new byte[PIECE];
    System.arraycopy(content, 0, first, 0, PIECE);
    choice.offers(A, true, bits(0, 1));
    assertTrue(pieces.write(0, first));
    assertEquals(OptionalInt.of(1), choice.next(A));
    choice.answered(A, 1, false);
    assertEquals(OptionalInt.empty(), choice.next(A), "it has not got it after all");
    choice.offers(A, true, bits(1));
    assertEquals(OptionalInt.of(1), choice.next(A));
    assertEquals(OptionalInt.empty(), choice.next(B), "nothing is known of it");
  }

  @Test
  void uploadsTakeTurnsAndNothingIsSavedUp() {
    long second = TimeUnit.SECONDS.toNanos(1);
    UploadRate rate = new UploadRate(1_000, () -> now);
    assertEquals(second, rate.turn(1_000));
    assertEquals(2 * second, rate.turn(1_000));
    now = 10 * second;
    assertEquals(11 * second, rate.turn(1_000));
  }
}
