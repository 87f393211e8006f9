package dev.culvert.detect;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.attribute.ChangeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How far away the outermost filter is. For each hop limit a fresh socket sends toward the server's
 * other address a packet that dies on the way and so opens only the filters it has passed; then it
 * asks for an answer from there. The shortest way that lets the answer in has passed all filters.
 */
final class DistanceProbe implements Probe {
  private static final int FARTHEST = 8;

  private final PathState path;
  private final TransportAddress alternate;
  private final List<Volley> openings = new ArrayList<>();
  private final List<Volley> requests = new ArrayList<>();

  DistanceProbe(PathState path, Target server) {
    this.path = path;
    this.alternate = server.alternate().orElseThrow();
    for (int ttl = 1; ttl <= FARTHEST; ttl++) {
      LocalSocket socket = path.bind();
      openings.add(path.keep(new Volley(path.postbox(), socket, alternate, Pace.PRESSING, ttl)));
      requests.add(
          path.volley(socket, server.address(), Pace.PRESSING, new ChangeRequest(true, true)));
    }
  }

  @Override
  public List<Volley> volleys() {
    List<Volley> all = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      all.add(openings.get(i));
      all.add(requests.get(i));
    }
    return all;
  }

  @Override
  public void advance(MonotonicTime now) {
    boolean settled = isSettled(now);
    for (int i = 0; i < requests.size(); i++) {
      boolean told = settled || isLetIn(i);
      requests.get(i).hold(told);
      openings.get(i).hold(told);
    }
  }

  private boolean isLetIn(int index) {
    return requests.get(index).successFrom(alternate).isPresent();
  }

  private boolean isShutOut(int index, MonotonicTime now) {
    return path.provesSilence(requests.get(index), now);
  }

  @Override
  public boolean isSettled(MonotonicTime now) {
    for (int i = 0; i < requests.size(); i++) {
      if (isLetIn(i)) {
        return true;
      }
      if (!isShutOut(i, now)) {
        return false;
      }
    }
    return true;
  }

  /** Routers up to and including the outermost filter; 0 if it is on this host. */
  Optional<Integer> hops(MonotonicTime now) {
    if (!openings.get(0).socket().ttl()) {
      return Optional.empty();
    }
    for (int i = 0; i < requests.size(); i++) {
      if (isLetIn(i)) {
        return Optional.of(i);
      }
      if (!isShutOut(i, now)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }
}
