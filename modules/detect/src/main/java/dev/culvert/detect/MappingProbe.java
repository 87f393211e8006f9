package dev.culvert.detect;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.util.List;

/** Asks everybody from one socket what address they see (RFC 5780 §4.3). */
final class MappingProbe implements Probe {
  /** More servers than these tell nothing new. */
  private static final int ENOUGH = 5;

  private final PathState path;

  MappingProbe(PathState path) {
    this.path = path;
    path.targets().stream().limit(ENOUGH).forEach(target -> ask(target.address()));
  }

  @Override
  public List<Volley> volleys() {
    return path.mappingVolleys();
  }

  @Override
  public void advance(MonotonicTime now) {
    path.targets().stream()
        .filter(target -> target.alternate().isPresent())
        .limit(2)
        .forEach(
            target -> {
              ask(target.otherPort().orElseThrow());
              ask(target.otherIp().orElseThrow());
              ask(target.alternate().orElseThrow());
            });
    for (Volley volley : volleys()) {
      // Two answers, so that a server that makes them up contradicts itself.
      boolean enough = volley.shots().size() >= 2 && isSteady(volley.to());
      if (volley.answered() >= 2 || (volley.success().isPresent() && enough)) {
        volley.cease();
      }
    }
  }

  /**
   * Whether the server asked has said the same thing twice; its alternate addresses have theirs.
   */
  private boolean isSteady(TransportAddress asked) {
    return path.targets().stream()
        .filter(target -> target.address().equals(asked))
        .allMatch(Target::isSteady);
  }

  private void ask(TransportAddress destination) {
    if (volleys().stream().noneMatch(volley -> volley.to().equals(destination))) {
      path.mappingVolleys().add(path.volley(path.mappingSocket(), destination, Pace.TWICE));
    }
  }

  @Override
  public boolean isSettled(MonotonicTime now) {
    return path.mappingSettled(now);
  }
}
