package dev.culvert.detect;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What was found out about the NATs and firewalls between this host and the Internet. It describes
 * the moment it was measured at; NATs may behave otherwise under load (RFC 5780 §1).
 *
 * @param udp whether UDP is usable at all, over any path
 * @param paths one for each local address or IP family that was looked at, those of IPv4 first
 * @param servers every address of every server that was asked, once for each path
 * @param elapsed the time from the start of the measurement to this report
 */
public record NatReport(
    Finding<UdpReach> udp, List<PathReport> paths, List<ServerReport> servers, Duration elapsed) {

  /** Copies the lists. */
  public NatReport {
    paths = List.copyOf(paths);
    servers = List.copyOf(servers);
  }

  /** The path of this family where UDP is usable, else its first one; empty if there is none. */
  public Optional<PathReport> path(IpFamily family) {
    return paths.stream()
        .filter(path -> path.family() == family)
        .min(Comparator.comparing(path -> !path.udp().is(UdpReach.OPEN)));
  }

  /** False if it was tried to leave from this host and no address could be left from. */
  public boolean hasNetwork() {
    return paths.isEmpty() || paths.stream().anyMatch(path -> path.local().reason().isEmpty());
  }
}
