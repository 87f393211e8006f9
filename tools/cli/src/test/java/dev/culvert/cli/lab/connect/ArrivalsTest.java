package dev.culvert.cli.lab.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The checks of a stream see what is wrong with it. */
class ArrivalsTest {
  private static final MonotonicTime START = new MonotonicTime(0);

  private static Arrivals of(long... numbers) {
    Arrivals arrivals = new Arrivals();
    for (long number : numbers) {
      arrivals.take(Records.of(number), Records.SIZE, START);
    }
    return arrivals;
  }

  private static List<Long> counts(Arrivals arrivals) {
    return List.of(arrivals.heard(), arrivals.lost(), arrivals.doubled(), arrivals.damaged());
  }

  @Test
  void whatIsMissingOrComesTwiceIsCounted() {
    assertEquals(List.of(4L, 0L, 0L, 0L), counts(of(0, 1, 2, 3)));
    assertEquals(List.of(3L, 2L, 0L, 0L), counts(of(0, 1, 4)));
    assertEquals(List.of(4L, 0L, 2L, 0L), counts(of(0, 1, 0, 1)));
  }

  @Test
  void aChangedBitAnywhereIsDamage() {
    for (int at = 0; at < Records.SIZE; at++) {
      byte[] record = Records.of(7);
      record[at] ^= 1;
      Arrivals arrivals = new Arrivals();
      arrivals.take(record, Records.SIZE, START);
      assertEquals(List.of(0L, 0L, 0L, 1L), counts(arrivals));
    }
  }

  @Test
  void piecesOfAnyLengthAreTheSameStream() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int number = 0; number < 50; number++) {
      all.writeBytes(Records.of(number));
    }
    byte[] stream = all.toByteArray();
    Random chance = new Random(5);
    Arrivals arrivals = new Arrivals();
    for (int from = 0; from < stream.length; ) {
      int length = Math.min(stream.length - from, 1 + chance.nextInt(700));
      byte[] piece = new byte[1000];
      System.arraycopy(stream, from, piece, 0, length);
      arrivals.take(piece, length, START);
      from += length;
    }
    assertEquals(List.of(50L, 0L, 0L, 0L), counts(arrivals));
  }

  @Test
  void theLongestSilenceIsTheGapAlsoWhileItLasts() {
    Arrivals arrivals = new Arrivals();
    assertEquals(Duration.ZERO, arrivals.gap(at(9000)));
    arrivals.take(Records.of(0), Records.SIZE, at(1000));
    arrivals.take(Records.of(1), Records.SIZE, at(4000));
    arrivals.take(Records.of(2), Records.SIZE, at(4020));
    assertEquals(Duration.ofSeconds(3), arrivals.gap(at(5000)));
    assertEquals(Duration.ofSeconds(5), arrivals.gap(at(9020)));
  }

  private static MonotonicTime at(long millis) {
    return START.plus(Duration.ofMillis(millis));
  }

  @Test
  void aLineThatLosesDoublesAndSwapsDatagramsHandsOnEachRecordOnce() {
    Random chance = new Random(11);
    RepeatedLine one = new RepeatedLine();
    RepeatedLine other = new RepeatedLine();
    Arrivals arrivals = new Arrivals();
    one.begin(START);
    other.begin(START);
    for (int millis = 0; millis < 60_000; millis += 50) {
      MonotonicTime now = at(millis);
      for (Bytes datagram : other.due(now)) {
        if (chance.nextInt(3) > 0) {
          assertTrue(one.take(datagram).stream().allMatch(it -> Records.number(it).isPresent()));
        }
      }
      for (Bytes datagram : one.due(now)) {
        for (int copies = chance.nextInt(3); copies > 0; copies--) {
          other.take(datagram).forEach(it -> arrivals.take(it, it.length, now));
        }
      }
      assertTrue(other.take(Bytes.utf8("nothing of ours")).isEmpty());
    }
    assertTrue(arrivals.heard() > 500, "heard " + arrivals.heard());
    assertEquals(List.of(arrivals.heard(), 0L, 0L, 0L), counts(arrivals));
  }
}
