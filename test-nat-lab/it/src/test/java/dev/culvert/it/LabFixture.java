package dev.culvert.it;

import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import dev.culvert.lab.LabHost;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;
import java.util.List;

/** A lab with coturn on s1, which can answer RFC 5780, and on s2, which cannot. */
final class LabFixture implements AutoCloseable {
  private final Lab lab;
  private final List<Coturn> servers;

  private LabFixture(Lab lab, List<Coturn> servers) {
    this.lab = lab;
    this.servers = servers;
  }

  static LabFixture up(LabSpec spec) throws Exception {
    Lab lab = Lab.up(spec);
    try {
      return new LabFixture(
          lab, Together.all(() -> Coturn.on(lab.host("s1")), () -> Coturn.on(lab.host("s2"))));
    } catch (Exception e) {
      lab.close();
      throw e;
    }
  }

  /** A lab with one host a, connected as {@code profile} says. */
  static LabFixture behind(String profile) throws Exception {
    return up(LabSpec.builder().home("a", profile).build());
  }

  Lab lab() {
    return lab;
  }

  LabHost host(String name) {
    return lab.host(name);
  }

  /** The first IPv4 address of a host, as text. */
  String ipv4(String name) {
    return IpLiterals.format(host(name).firstIpv4().orElseThrow(), false);
  }

  /** The first IPv6 address of a host, as text. */
  String ipv6(String name) {
    InetAddress address = host(name).ipv6().stream().findFirst().orElseThrow();
    return IpLiterals.format(address, false);
  }

  @Override
  public void close() throws LabException {
    servers.forEach(Coturn::close);
    lab.close();
  }
}
