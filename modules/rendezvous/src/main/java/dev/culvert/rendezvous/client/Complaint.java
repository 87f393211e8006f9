package dev.culvert.rendezvous.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says that no node answers, and why not, as often as that changes. */
final class Complaint {
  private final Places places;
  private final Lines lines;
  private Optional<List<AttachmentEvent.Reason>> told = Optional.empty();

  Complaint(Places places, Lines lines) {
    this.places = places;
    this.lines = lines;
  }

  /** One answered. */
  void isOver() {
    told = Optional.empty();
  }

  Optional<AttachmentEvent> look() {
    if (lines.all().stream().anyMatch(Line::isWelcome)) {
      return Optional.empty();
    }
    List<AttachmentEvent.Reason> reasons = new ArrayList<>();
    for (Place place : places.all()) {
      Optional<String> reason = place.reason();
      if (reason.isEmpty()) {
        // It may still answer.
        return Optional.empty();
      }
      reasons.add(new AttachmentEvent.Reason(place.node(), reason.get()));
    }
    if (reasons.isEmpty() || told.filter(reasons::equals).isPresent()) {
      return Optional.empty();
    }
    told = Optional.of(reasons);
    return Optional.of(new AttachmentEvent.NobodyAnswers(reasons));
  }
}
