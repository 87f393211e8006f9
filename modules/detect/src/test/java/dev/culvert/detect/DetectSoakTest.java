package dev.culvert.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The fixed short part of what {@code tools/soak} does. */
class DetectSoakTest {
  /** Of a hundred thousand worlds those in which something wrong was told before it was mended. */
  private static final long[] ONCE_WRONG = {
    9642, 76705, 82975, 85470, 86132, 86748, 91737, 93283, 99133
  };

  @Test
  void inNoWorldIsAReportWrongOrLate() {
    List<String> failures =
        LongStream.concat(LongStream.rangeClosed(1, 300), LongStream.of(ONCE_WRONG))
            .mapToObj(VirtualSoak::failure)
            .flatMap(Optional::stream)
            .toList();
    assertEquals(List.of(), failures);
  }
}
