package dev.culvert.it;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What comes of a trial between two peers.
 *
 * @param outcome direct, relayed, unreachable; silent where data does not arrive, fault otherwise
 * @param story what both told; empty if it is as theory says
 */
record IceMeeting(IceTrial trial, String outcome, String story) {
  /** Enough for every engine to give up, on a busy machine too. */
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private static final Duration REPEAT = Duration.ofMillis(200);

  boolean isRight() {
    return trial.isRight(outcome);
  }

  /** Lets them meet, send, and part. */
  static IceMeeting of(IceTrial trial, DrivenPeer offering, DrivenPeer answering) throws Exception {
    DrivenConnection one = open(trial, 0, offering);
    DrivenConnection other = open(trial, 1, answering);
    Signalling.between(one, other);
    String outcome = outcome(trial, one, other);
    IceMeeting meeting =
        new IceMeeting(
            trial, outcome, trial.isRight(outcome) ? "" : one.story() + "\n --" + other.story());
    one.order("close");
    other.order("close");
    return meeting;
  }

  private static DrivenConnection open(IceTrial trial, int side, DrivenPeer peer) throws Exception {
    return peer.open(
        trial.toString(),
        side == 0 ? "controlling" : "controlled",
        "engine",
        trial.engines().get(side),
        "policy",
        trial.policy());
  }

  /**
   * Relayed if one of them never had a direct path: a machine that stalls may make them leave it.
   */
  private static String outcome(IceTrial trial, DrivenConnection one, DrivenConnection other)
      throws Exception {
    boolean direct = true;
    for (DrivenConnection each : List.of(one, other)) {
      Optional<DrivenEvent> end =
          each.awaitOr(0, LIMIT, its -> isSelected(its) || its.name().equals("failed"));
      if (end.isEmpty()) {
        return "fault";
      }
      if (end.get().name().equals("failed")) {
        return "unreachable";
      }
      // A relayed path may come first, and is left for a direct one.
      Duration patience = trial.isRight("relayed") ? Duration.ZERO : LIMIT;
      direct &= each.awaitOr(0, patience, its -> isSelected(its) && !its.isRelayed()).isPresent();
    }
    if (!carries(one, other) || !carries(other, one)) {
      return "silent";
    }
    return direct ? "direct" : "relayed";
  }

  private static boolean isSelected(DrivenEvent event) {
    return event.name().equals("path") && event.field("selected").equals("true");
  }

  /** Datagrams may be lost, so it is sent until it arrives. */
  private static boolean carries(DrivenConnection from, DrivenConnection to) throws Exception {
    byte[] data = from.toString().getBytes(StandardCharsets.UTF_8);
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() - deadline < 0) {
      from.send(data);
      if (to.awaitOr(0, REPEAT, its -> its.name().equals("received") && hears(its, data))
          .isPresent()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return trial + ": " + outcome + ", not " + trial.expected() + story;
  }

  private static boolean hears(DrivenEvent event, byte[] data) {
    return Arrays.equals(event.data(), data);
  }
}
