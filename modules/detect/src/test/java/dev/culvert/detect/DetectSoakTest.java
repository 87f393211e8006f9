package dev.culvert.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The fixed short part of what {@code tools/soak} does. */
class DetectSoakTest {

  @Test
  void inNoWorldIsAReportWrongOrLate() {
    List<String> failures =
        LongStream.rangeClosed(1, 300)
            .mapToObj(VirtualSoak::failure)
            .flatMap(Optional::stream)
            .toList();
    assertEquals(List.of(), failures);
  }
}
