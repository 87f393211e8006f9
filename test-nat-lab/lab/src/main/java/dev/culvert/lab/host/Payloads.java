package dev.culvert.lab.host;

import dev.culvert.sansio.Bytes;

/** What fits a UDP datagram over IPv4. */
final class Payloads {
  static final int MOST = 65_507;

  private Payloads() {}

  static void check(Bytes payload) {
    if (payload.length() > MOST) {
      throw new IllegalArgumentException(
          "a datagram carries at most " + MOST + " bytes, not " + payload.length());
    }
  }
}
