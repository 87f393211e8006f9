package dev.culvert.cli.node;

import dev.culvert.cli.Fault;

/** Names the option that asks for a limit out of range. */
final class LimitFault {
  private LimitFault() {}

  /**
   * Lets {@code limit} check one option, which it does by throwing.
   *
   * @param flag whose value it checks
   */
  static void unless(String flag, Runnable limit) {
    try {
      limit.run();
    } catch (IllegalArgumentException e) {
      throw Fault.usage(
          flag + ": " + e.getMessage(), "see the --limit options in culvert node --help");
    }
  }
}
