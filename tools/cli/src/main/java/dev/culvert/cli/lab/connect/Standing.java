package dev.culvert.cli.lab.connect;

import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How a connection stands, as a scenario asks for it. Safe for any thread. */
final class Standing {
  private static final Duration RECENTLY = Duration.ofSeconds(2);

  private final MonotonicTime called;
  private final Arrivals arrivals = new Arrivals();
  private boolean connected;
  private String first = "none";
  private String path = "none";
  private String plan = "none";
  private String reason = "";
  private String failure = "";
  private boolean hopeless;
  private int changes = -1;
  private Optional<Duration> firstByte = Optional.empty();
  private Optional<Duration> direct = Optional.empty();

  /**
   * A connection that does not stand yet.
   *
   * @param called when this side called, or heard of the call
   */
  Standing(MonotonicTime called) {
    this.called = called;
  }

  synchronized void connected() {
    connected = true;
    failure = "";
  }

  /**
   * Data goes this way from now on.
   *
   * @param opened the plan of hole punching that opened it, if one did
   */
  synchronized void goes(boolean relayed, Optional<String> opened, MonotonicTime now) {
    changes++;
    path = relayed ? "relayed" : "direct";
    first = changes == 0 ? path : first;
    plan = relayed ? "none" : opened.orElse("ice");
    if (!relayed) {
      reason = "";
      direct = direct.or(() -> Optional.of(now.since(called)));
    }
  }

  synchronized void pathLost() {
    path = "none";
    plan = "none";
  }

  /** Why it is relayed for now. */
  synchronized void staysRelayed(String why) {
    if (!path.equals("direct")) {
      reason = why;
    }
  }

  /** Why nothing is tried any more, and it is relayed for good. */
  synchronized void hopeless(String why) {
    staysRelayed(why);
    hopeless = true;
  }

  synchronized void took(byte[] bytes, int length, MonotonicTime now) {
    firstByte = firstByte.or(() -> Optional.of(now.since(called)));
    arrivals.take(bytes, length, now);
  }

  /** It is over. */
  synchronized void over(String why) {
    connected = false;
    failure = why;
    pathLost();
  }

  synchronized boolean isConnected() {
    return connected;
  }

  synchronized Map<String, String> fields(MonotonicTime now) {
    Map<String, String> fields = new HashMap<>();
    boolean flows =
        connected
            && arrivals.last().filter(at -> now.since(at).compareTo(RECENTLY) <= 0).isPresent();
    fields.put("connected", String.valueOf(connected));
    fields.put("first", first);
    fields.put("path", path);
    fields.put("plan", plan);
    fields.put("reason", reason);
    fields.put("hopeless", String.valueOf(hopeless));
    fields.put("failure", failure);
    fields.put("changes", String.valueOf(Math.max(0, changes)));
    fields.put("flows", String.valueOf(flows));
    fields.put("heard", String.valueOf(arrivals.heard()));
    fields.put("lost", String.valueOf(arrivals.lost()));
    fields.put("doubled", String.valueOf(arrivals.doubled()));
    fields.put("damaged", String.valueOf(arrivals.damaged()));
    fields.put("gap", String.valueOf(arrivals.gap(now).toMillis()));
    firstByte.ifPresent(it -> fields.put("firstByteMillis", String.valueOf(it.toMillis())));
    direct.ifPresent(it -> fields.put("directMillis", String.valueOf(it.toMillis())));
    return fields;
  }
}
