package dev.culvert.it;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Carries to each of two what the other one tells: descriptions, candidates as they come, the end
 * of them, and restarts.
 */
final class Signalling {
  private Signalling() {}

  /** Connects the two, whose events until now are carried, too. */
  static void between(DrivenConnection one, DrivenConnection other) {
    one.listen(event -> carry(event, one, other));
    other.listen(event -> carry(event, other, one));
  }

  private static void carry(DrivenEvent event, DrivenConnection from, DrivenConnection to) {
    try {
      switch (event.name()) {
        case "described", "restarted" -> {
          to.order("remote", "description", event.field("description"));
          from.order("began");
        }
        case "candidate" -> to.order("candidate", "candidate", event.field("candidate"));
        case "end" -> to.order("end");
        default -> {}
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
