package dev.culvert.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Two that send each other numbers, fifty a second. */
final class Chat implements AutoCloseable {
  private static final Duration OFTEN = Duration.ofMillis(20);

  private final List<DrivenConnection> both;
  private final AtomicInteger next = new AtomicInteger(1);
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

  private Chat(DrivenConnection one, DrivenConnection other) {
    both = List.of(one, other);
  }

  static Chat between(DrivenConnection one, DrivenConnection other) {
    Chat chat = new Chat(one, other);
    long often = OFTEN.toMillis();
    ScheduledFuture<?> unused =
        chat.clock.scheduleAtFixedRate(chat::say, often, often, TimeUnit.MILLISECONDS);
    return chat;
  }

  private void say() {
    byte[] number = Integer.toString(next.getAndIncrement()).getBytes(StandardCharsets.UTF_8);
    for (DrivenConnection each : both) {
      try {
        each.send(number);
      } catch (IOException e) {
        // Who waits for the other to hear it finds out.
      }
    }
  }

  /** How many numbers each has said. */
  int said() {
    return next.get() - 1;
  }

  /** Waits until so many are said; how many are by then. */
  int awaitSaid(int count, Duration limit) throws Exception {
    Eventually.until(count + " numbers are said", limit, () -> said() >= count);
    return said();
  }

  /** How many of these numbers a side has heard. */
  static long heard(DrivenConnection by, int after, int until) {
    return by.events().stream()
        .filter(its -> its.name().equals("received"))
        .mapToInt(Chat::number)
        .filter(its -> its > after && its <= until)
        .distinct()
        .count();
  }

  /**
   * Waits until both have heard something that was said from now on.
   *
   * @return the time that passes until then
   */
  Duration awaitNews(Duration limit) throws InterruptedException {
    int now = said();
    long began = System.nanoTime();
    for (DrivenConnection each : both) {
      each.await(
          0,
          "number after " + now,
          limit,
          its -> its.name().equals("received") && number(its) > now);
    }
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private static int number(DrivenEvent event) {
    String text = new String(event.data(), StandardCharsets.UTF_8);
    return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : -1;
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
