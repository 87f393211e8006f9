package dev.culvert.cli.lab.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayLinesTest {
  private static final TransportAddress RELAYED =
      new TransportAddress(IpLiterals.parse("203.0.113.10").orElseThrow(), 50_000);
  private static final TransportAddress MAPPED =
      new TransportAddress(IpLiterals.parse("2001:db8::7").orElseThrow(), 7);

  @Test
  void tellWhatWasSaid() {
    RelayDescription.Allocation allocation =
        new RelayDescription.Allocation(Transport.TLS, RELAYED, MAPPED);
    for (RelayEvent event :
        List.of(
            new RelayEvent.Described(
                new RelayDescription(Optional.of(allocation), "udp: \"nothing\" came")),
            new RelayEvent.Described(new RelayDescription(Optional.empty(), "")),
            new RelayEvent.Ended(
                new RelayResult(
                    20, 1, 41, Optional.of(Duration.ofNanos(7)), Duration.ofSeconds(3), "")),
            new RelayEvent.Ended(
                new RelayResult(0, 0, 0, Optional.empty(), Duration.ZERO, "nothing")),
            new RelayEvent.Closed())) {
      String line = RelayLines.write(event);
      assertEquals(1, line.lines().count());
      assertEquals(Optional.of(event), RelayLines.read(line));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Picked up JAVA_TOOL_OPTIONS: -Dx=y",
        "{\"event\":\"other\"}",
        "{\"event\":\"ended\",\"sent\":\"many\"}",
        "{\"event\":\"described\",\"over\":\"UDP\",\"relayed\":\"nowhere\"}",
        "{\"event\":\"described\",\"over\":\"PIGEON\"}"
      })
  void passOverWhatTheyDoNotKnow(String line) {
    assertEquals(Optional.empty(), RelayLines.read(line));
  }
}
