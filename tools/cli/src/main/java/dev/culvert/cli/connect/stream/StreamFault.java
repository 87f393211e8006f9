package dev.culvert.cli.connect.stream;

import java.io.IOException;

/** The other side said something that it must not, or refused what it was asked for. */
public final class StreamFault extends IOException {
  private static final long serialVersionUID = 1;

  private final boolean refused;

  private StreamFault(String what, boolean refused) {
    super(what);
    this.refused = refused;
  }

  /** It does not keep to the protocol. */
  static StreamFault malformed(String what) {
    return new StreamFault(what, false);
  }

  /** It said no, for a reason that it gave. */
  static StreamFault refused(String reason) {
    return new StreamFault(reason, true);
  }

  /** Whether the other side said no, rather than nonsense. */
  public boolean isRefusal() {
    return refused;
  }
}
