package dev.culvert.cli.lab.connect;

import java.util.Map;

/** What a {@link ConnectMachine} tells. */
public sealed interface ConnectEvent {

  /**
   * How things stand, several times a second.
   *
   * @param attached how many nodes it is connected to
   * @param fields of the connection, by their names; empty before there was a call
   */
  record Stands(int attached, Map<String, String> fields) implements ConnectEvent {
    /** Copies the map. */
    public Stands {
      fields = Map.copyOf(fields);
    }
  }

  /** It has ended; nothing follows. */
  record Closed() implements ConnectEvent {}
}
