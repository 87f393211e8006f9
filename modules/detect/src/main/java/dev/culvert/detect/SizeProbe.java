package dev.culvert.detect;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.stun.attribute.Padding;
import java.util.List;

/** Sends requests that fill a packet, and such that need more than one (RFC 5780 §3.5, §7.6). */
final class SizeProbe implements Probe {
  private static final int SMALL = 32;
  private static final int LARGE = 1400;
  private static final int FRAGMENTED = 1900;

  private final PathState path;
  private final LocalSocket socket;
  private List<Volley> volleys = List.of();

  SizeProbe(PathState path) {
    this.path = path;
    this.socket = path.bind();
  }

  @Override
  public List<Volley> volleys() {
    return volleys;
  }

  @Override
  public void advance(MonotonicTime now) {
    if (volleys.isEmpty() && path.nearest().isPresent()) {
      volleys = List.of(padded(SMALL), padded(LARGE), padded(FRAGMENTED));
    }
    volleys.stream().filter(volley -> volley.isAnswered()).forEach(Volley::cease);
    boolean settled = isSettled(now);
    volleys.forEach(volley -> volley.hold(settled));
  }

  private Volley padded(int length) {
    return path.volley(
        socket, path.nearest().orElseThrow().address(), Pace.PRESSING, new Padding(length));
  }

  @Override
  public boolean isSettled(MonotonicTime now) {
    return volleys.stream().allMatch(volley -> volley.isAnswered() || path.isSilent(volley, now))
        && (!volleys.isEmpty()
            || path.targets().stream().allMatch(target -> path.isGivenUp(target, now)));
  }

  Finding<Boolean> large(MonotonicTime now) {
    return judge(1, now);
  }

  Finding<Boolean> fragmented(MonotonicTime now) {
    return judge(2, now);
  }

  private Finding<Boolean> judge(int index, MonotonicTime now) {
    if (volleys.isEmpty()) {
      return Finding.unknown("no server answered");
    }
    // An error is an answer too: the request arrived.
    if (volleys.get(index).isAnswered()) {
      return Finding.known(true);
    }
    if (!volleys.get(0).isAnswered()) {
      return Finding.unknown("the server does not take PADDING");
    }
    return path.provesSilence(volleys.get(index), now)
        ? Finding.known(false)
        : Finding.unknown("too much was lost to be sure");
  }
}
