package dev.culvert.cli.ice;

import dev.culvert.cli.ice.trace.TraceLine;
import java.util.Optional;

/** What became of a pair of candidates. Confined to one thread. */
final class PairStory {
  private String local;
  private String remote;
  private String state = "frozen";
  private String reason = "";
  private int sent;
  private int answered;
  private Optional<Double> roundTrip = Optional.empty();
  private Optional<Double> firstAnswer = Optional.empty();
  private boolean selected;

  /** A pair of which only the addresses are known. */
  PairStory(String key) {
    int arrow = key.indexOf('>');
    local = arrow < 0 ? key : key.substring(0, arrow);
    remote = arrow < 0 ? "" : key.substring(arrow + 1);
  }

  /** Takes a line about it. */
  void take(TraceLine line) {
    switch (line.kind()) {
      case "pair", "path" -> named(line);
      case "pair-state" -> {
        state = line.text("state");
        reason = line.text("reason");
      }
      case "pair-dropped" -> {
        state = "dropped";
        reason = "it made room for a better one";
      }
      case "check-sent" -> sent++;
      case "check-answered" -> {
        answered++;
        firstAnswer = firstAnswer.or(() -> Optional.of(line.millis()));
        roundTrip = line.number("roundTripMillis").or(() -> roundTrip);
      }
      case "check-refused" -> reason = line.text("reason");
      case "consent-lost" -> reason = "the other side consents no more";
      case "pair-narrow" -> reason = "datagrams of 1,200 bytes do not pass";
      case "pair-wide" -> reason = "answered";
      case "selected" -> selected = true;
      default -> {
        // Others say nothing of its fate.
      }
    }
  }

  private void named(TraceLine line) {
    local = line.text("local").isEmpty() ? local : line.text("local");
    remote = line.text("remote").isEmpty() ? remote : line.text("remote");
  }

  String local() {
    return local;
  }

  String remote() {
    return remote;
  }

  String state() {
    return state;
  }

  String reason() {
    return reason;
  }

  int sent() {
    return sent;
  }

  int answered() {
    return answered;
  }

  Optional<Double> roundTrip() {
    return roundTrip;
  }

  Optional<Double> firstAnswer() {
    return firstAnswer;
  }

  boolean isSelected() {
    return selected;
  }

  /** Whether a relay stands in it. */
  boolean isRelayed() {
    return local.startsWith("relay ") || remote.startsWith("relay ");
  }
}
