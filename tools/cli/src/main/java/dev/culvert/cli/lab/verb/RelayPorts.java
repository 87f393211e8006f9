package dev.culvert.cli.lab.verb;

import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a relay of a lab answers: on its host's first address of each family over UDP and TCP on
 * port 3478 and over TLS and, in the kernel, DTLS on 443, and on a second address over UDP and TCP
 * on 443.
 *
 * @param plain over UDP and TCP
 * @param tls over TLS and DTLS
 */
record RelayPorts(List<TransportAddress> plain, List<TransportAddress> tls) {
  /** What firewalls let pass that let hardly anything pass. */
  static final int WEB = 443;

  static RelayPorts of(List<List<InetAddress>> families) {
    List<TransportAddress> plain = new ArrayList<>();
    List<TransportAddress> tls = new ArrayList<>();
    for (List<InetAddress> family : families) {
      if (!family.isEmpty()) {
        plain.add(new TransportAddress(family.get(0), NodeMachine.PORT));
        tls.add(new TransportAddress(family.get(0), WEB));
      }
      if (family.size() > 1) {
        plain.add(new TransportAddress(family.get(1), WEB));
      }
    }
    return new RelayPorts(plain, tls);
  }
}
