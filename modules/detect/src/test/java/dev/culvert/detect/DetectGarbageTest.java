package dev.culvert.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The machine on its own, driven by hand. */
class DetectGarbageTest {
  private static final TransportAddress SERVER = address("203.0.113.1", 3478);
  private static final TransportAddress LOCAL = address("192.168.1.2", 40_000);

  @Test
  void doesNothingBeforeItIsToldTheTime() {
    DetectMachine machine = machine(1);
    assertTrue(machine.pollOutput().isEmpty());
    assertTrue(machine.nextDeadline().isEmpty());
  }

  @Test
  void garbageOnEverySocketIsDropped() {
    for (long seed = 0; seed < 50; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      DetectMachine machine = machine(seed);
      MonotonicTime now = new MonotonicTime(random.nextLong());
      MonotonicTime end = now.plus(Duration.ofSeconds(4));
      List<DetectEvent> events = new ArrayList<>();
      List<Bytes> sent = new ArrayList<>();
      machine.advance(now);
      while (now.isBefore(end)) {
        perform(machine, now, random, sent);
        now = now.plus(Duration.ofMillis(1 + random.nextInt(20)));
        machine.advance(now);
        Optional<DetectEvent> event = machine.pollEvent();
        while (event.isPresent()) {
          events.add(event.get());
          event = machine.pollEvent();
        }
      }
      long reports = events.stream().filter(DetectEvent.Finished.class::isInstance).count();
      assertEquals(1, reports, "seed " + seed);
      assertTrue(machine.nextDeadline().isEmpty(), "seed " + seed);
    }
  }

  /** Opens what is asked for and answers requests with what is left of them. */
  private static void perform(
      DetectMachine machine, MonotonicTime now, SplittableRandom random, List<Bytes> sent) {
    Optional<Output> output = machine.pollOutput();
    while (output.isPresent()) {
      if (output.get() instanceof Output.Bind bind) {
        machine.accept(new Input.Bound(bind.id(), LOCAL, true), now);
      } else if (output.get() instanceof Output.Open open) {
        Flow flow = new Flow(open.id(), open.transport(), LOCAL, open.remote());
        Input answer =
            random.nextInt(4) == 0
                ? new Input.Closed(open.id(), CloseCause.RESET, "garbage")
                : new Input.Opened(flow);
        machine.accept(answer, now);
      } else if (output.get() instanceof Output.Send send) {
        sent.add(send.payload());
        Bytes garbled = garbled(sent.get(random.nextInt(sent.size())), random);
        TransportAddress source = random.nextBoolean() ? SERVER : LOCAL;
        long socket = random.nextBoolean() ? send.flow().id() : random.nextInt(60) - 5;
        machine.receive(new Flow(socket, send.flow().transport(), LOCAL, source), garbled, now);
      }
      output = machine.pollOutput();
    }
    machine.receive(
        new Flow(random.nextInt(40), Transport.UDP, LOCAL, SERVER), Bytes.hex("0101"), now);
  }

  /** A success response whose attributes are noise. */
  private static Bytes garbled(Bytes request, SplittableRandom random) {
    byte[] bytes = new byte[20 + 4 * random.nextInt(20)];
    random.nextBytes(bytes);
    request.slice(0, Math.min(20, request.length())).copyTo(bytes, 0);
    bytes[0] = 1;
    bytes[1] = (byte) (random.nextInt(5) == 0 ? 0x11 : 0x01);
    bytes[2] = (byte) ((bytes.length - 20) >> 8);
    bytes[3] = (byte) (bytes.length - 20);
    for (int at = 20; at + 4 <= bytes.length; at += 12) {
      bytes[at] = 0;
      bytes[at + 1] = (byte) (random.nextBoolean() ? 0x20 : random.nextInt(64));
      bytes[at + 2] = 0;
      bytes[at + 3] = 8;
    }
    return Bytes.wrap(bytes);
  }

  private static DetectMachine machine(long seed) {
    DetectConfig config = DetectConfig.of(List.of(DetectServer.of("203.0.113.1", 3478)));
    return new DetectMachine(config, new SplittableRandom(seed));
  }

  private static TransportAddress address(String ip, int port) {
    return new TransportAddress(VirtualRun.ip(ip), port);
  }
}
