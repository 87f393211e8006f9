package dev.culvert.cli.lab.meet;

import java.util.Map;

/** What a {@link MeetMachine} tells. */
public sealed interface MeetSideEvent {

  /**
   * How things stand, several times a second.
   *
   * @param fields by their names
   */
  record Standing(Map<String, String> fields) implements MeetSideEvent {
    /** Copies the map. */
    public Standing {
      fields = Map.copyOf(fields);
    }
  }

  /** It has ended; nothing follows. */
  record Closed() implements MeetSideEvent {}
}
