package dev.culvert.lab.host;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;

/**
 * A datagram that arrived.
 *
 * @param payload what it carried, 0 to 65,507 bytes
 * @param from whom it seems to come from, which behind a NAT is not who sent it
 */
public record LabDatagram(Bytes payload, TransportAddress from) {

  /** What it carried, as UTF-8. */
  public String text() {
    return payload.utf8();
  }
}
