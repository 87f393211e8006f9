package dev.culvert.cli.lab.hold;

import java.util.Map;

/** What a {@link HoldMachine} tells. */
public sealed interface HoldEvent {

  /**
   * How things stand, several times a second.
   *
   * @param fields by their names; the same until something happens
   */
  record Standing(Map<String, String> fields) implements HoldEvent {
    /** Copies the map. */
    public Standing {
      fields = Map.copyOf(fields);
    }
  }

  /** It has given back what it had; nothing follows. */
  record Closed() implements HoldEvent {}
}
