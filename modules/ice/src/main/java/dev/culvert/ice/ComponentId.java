package dev.culvert.ice;

/**
 * One flow of an application's data (RFC 8445 §4).
 *
 * @param stream the data stream, counted from 0
 * @param component within it, 1 to 256; one that is no RTP has component 1 alone
 */
public record ComponentId(int stream, int component) implements Comparable<ComponentId> {
  /** The only one where an application has one flow. */
  public static final ComponentId ONLY = new ComponentId(0, 1);

  /** Refuses what SDP cannot say. */
  public ComponentId {
    if (stream < 0 || component < 1 || component > 256) {
      throw new IllegalArgumentException("no component " + component + " of stream " + stream);
    }
  }

  /** By stream, then by component. */
  @Override
  public int compareTo(ComponentId other) {
    return stream == other.stream
        ? Integer.compare(component, other.component)
        : Integer.compare(stream, other.stream);
  }
}
