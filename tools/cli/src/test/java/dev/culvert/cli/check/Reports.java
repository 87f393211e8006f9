package dev.culvert.cli.check;

import dev.culvert.detect.Behaviour;
import dev.culvert.detect.Finding;
import dev.culvert.detect.IpFamily;
import dev.culvert.detect.NatReport;
import dev.culvert.detect.PathReport;
import dev.culvert.detect.PortAllocation;
import dev.culvert.detect.PortAllocation.Pattern;
import dev.culvert.detect.ServerReport;
import dev.culvert.detect.ServerReport.Rfc5780;
import dev.culvert.detect.UdpReach;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reports made by hand. */
final class Reports {
  private Reports() {}

  static TransportAddress address(String ip, int port) {
    return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), port);
  }

  /** Behind a port-restricted home NAT, with an IPv6 firewall. */
  static NatReport home() {
    PathReport four =
        PathReport.builder(IpFamily.IPV4)
            .local(Finding.known(address("192.168.1.2", 5000)))
            .reflexive(Finding.known(address("198.51.100.1", 40000)))
            .udp(Finding.known(UdpReach.OPEN))
            .nat(Finding.known(true))
            .firewall(Finding.known(true))
            .layers(Finding.known(1))
            .mapping(Finding.known(Behaviour.ENDPOINT_INDEPENDENT))
            .filtering(Finding.known(Behaviour.ADDRESS_AND_PORT_DEPENDENT))
            .ports(Finding.known(new PortAllocation(Pattern.SEQUENTIAL, 2)))
            .hairpinning(Finding.unknown("the answer came too late"))
            .build();
    PathReport six =
        PathReport.builder(IpFamily.IPV6)
            .local(Finding.known(address("2001:db8::2", 5000)))
            .reflexive(Finding.known(address("2001:db8::2", 5000)))
            .udp(Finding.known(UdpReach.OPEN))
            .nat(Finding.known(false))
            .firewall(Finding.known(true))
            .layers(Finding.known(0))
            .mapping(Finding.known(Behaviour.ENDPOINT_INDEPENDENT))
            .filtering(Finding.unknown("no server can test it"))
            .ports(Finding.known(new PortAllocation(Pattern.PRESERVING, 0)))
            .build();
    return new NatReport(
        Finding.known(UdpReach.OPEN),
        List.of(four, six),
        List.of(
            new ServerReport(
                "stun.example.org:3478",
                Optional.of(address("203.0.113.10", 3478)),
                Finding.known(Duration.ofNanos(12_345_678)),
                Finding.known(Rfc5780.YES),
                Optional.of(address("203.0.113.11", 3479)),
                Optional.empty()),
            new ServerReport(
                "203.0.113.66:3478",
                Optional.of(address("203.0.113.66", 3478)),
                Finding.unknown("no answer"),
                Finding.unknown("no answer"),
                Optional.empty(),
                Optional.of("silent over UDP"))),
        Duration.ofMillis(812));
  }

  /** UDP goes nowhere, TCP works. */
  static NatReport blocked() {
    PathReport four =
        PathReport.builder(IpFamily.IPV4)
            .local(Finding.known(address("10.0.0.9", 40001)))
            .reflexive(Finding.unknown("UDP is blocked"))
            .udp(Finding.known(UdpReach.BLOCKED))
            .tcp(Finding.known(true))
            .build();
    return new NatReport(
        Finding.known(UdpReach.BLOCKED),
        List.of(four),
        List.of(
            new ServerReport(
                "203.0.113.10:3478",
                Optional.of(address("203.0.113.10", 3478)),
                Finding.unknown("answers over TCP, not over UDP"),
                Finding.unknown("no answer over UDP"),
                Optional.empty(),
                Optional.empty())),
        Duration.ofMillis(2900));
  }

  /** No address at all. */
  static NatReport offline() {
    return new NatReport(
        Finding.unknown("no network"),
        List.of(
            PathReport.builder(IpFamily.IPV4)
                .local(Finding.unknown("this host has no IPv4 address"))
                .build()),
        List.of(),
        Duration.ofMillis(3));
  }
}
