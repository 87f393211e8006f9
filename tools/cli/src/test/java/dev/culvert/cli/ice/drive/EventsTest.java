package dev.culvert.cli.ice.drive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventsTest {
  /** Nobody reads for a while: datagrams are lost beyond a bound, and nothing else is. */
  @Test
  void whoReadsSlowlyLosesDatagramsAlone() throws Exception {
    CountDownLatch reads = new CountDownLatch(1);
    List<String> lines = new CopyOnWriteArrayList<>();
    Events events =
        new Events(
            line -> {
              try {
                reads.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              lines.add(line);
            });
    String large = "x".repeat(1 << 20);
    for (int i = 0; i < 20; i++) {
      events.tellData("received", "a", out -> out.writeStringField("data", large));
      events.tell("state", "a", out -> out.writeStringField("state", "new"));
    }
    reads.countDown();
    events.close();
    assertEquals(20, lines.stream().filter(line -> line.contains("\"state\"")).count());
    long data = lines.stream().filter(line -> line.contains("\"received\"")).count();
    assertTrue(data >= 8 && data <= 10, () -> data + " datagrams");
    events.tell("state", "a", out -> out.writeStringField("state", "late"));
    assertEquals(20 + data, lines.size());
  }
}
