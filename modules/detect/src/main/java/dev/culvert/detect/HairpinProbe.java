package dev.culvert.detect;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.util.List;

/** Two sockets send to each other's external addresses (RFC 5780 §3.4, RFC 4787 §6). */
final class HairpinProbe implements Probe {
  private final PathState path;
  private final PortsProbe ports;
  private List<Volley> volleys = List.of();

  HairpinProbe(PathState path, PortsProbe ports) {
    this.path = path;
    this.ports = ports;
  }

  @Override
  public List<Volley> volleys() {
    return volleys;
  }

  @Override
  public void advance(MonotonicTime now) {
    if (volleys.isEmpty() && ports.seen().size() >= 2 && ports.server().isPresent()) {
      TransportAddress server = ports.server().get().address();
      LocalSocket one = ports.seen().get(0);
      LocalSocket two = ports.seen().get(1);
      TransportAddress outerOne = path.sightings().seen(one, server).orElseThrow();
      TransportAddress outerTwo = path.sightings().seen(two, server).orElseThrow();
      boolean translated =
          !one.local().equals(java.util.Optional.of(outerOne))
              && !two.local().equals(java.util.Optional.of(outerTwo));
      if (translated) {
        volleys =
            List.of(
                path.volley(one, outerTwo, Pace.PRESSING),
                path.volley(two, outerOne, Pace.PRESSING));
      }
    }
    boolean settled = isSettled(now);
    volleys.forEach(volley -> volley.hold(settled));
  }

  private boolean came() {
    for (int i = 0; i < volleys.size(); i++) {
      long other = volleys.get(1 - i).socket().id();
      boolean arrived =
          volleys.get(i).shots().stream()
              .anyMatch(
                  shot -> path.postbox().returned(shot).filter(id -> id == other).isPresent());
      if (arrived) {
        return true;
      }
    }
    return false;
  }

  private boolean isSilent(MonotonicTime now) {
    return volleys.stream().allMatch(volley -> path.provesSilence(volley, now));
  }

  @Override
  public boolean isSettled(MonotonicTime now) {
    if (volleys.isEmpty()) {
      return ports.isSettled(now);
    }
    return came() || isSilent(now);
  }

  Finding<Boolean> judge(MonotonicTime now) {
    if (volleys.isEmpty()) {
      return Finding.unknown("no two external addresses are known");
    }
    if (came()) {
      return Finding.known(true);
    }
    if (!isSilent(now)) {
      return Finding.unknown("too much was lost to be sure");
    }
    // Where nothing depends on the destination, servers agree about the addresses that were tried.
    boolean agreed =
        ports
            .server()
            .flatMap(server -> path.sightings().seen(path.mappingSocket(), server.address()))
            .isPresent();
    boolean conclusive = path.mapping().is(Behaviour.ENDPOINT_INDEPENDENT) && agreed;
    return conclusive
        ? Finding.known(false)
        : Finding.unknown(
            "the external address is not the same for all, so nothing need have come back");
  }
}
