package dev.culvert.detect;

import dev.culvert.detect.ServerReport.Rfc5780;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.Optional;

/** What is to be said about a server. */
final class ServerJudge {
  private ServerJudge() {}

  static ServerReport report(
      Target target,
      Optional<FilteringProbe> probe,
      Optional<CloseCause> unreachable,
      MonotonicTime now) {
    return new ServerReport(
        target.server().name(),
        Optional.of(target.address()),
        roundTrip(target, unreachable),
        rfc5780(target, probe, now),
        target.alternate(),
        target.badMapping().or(target::lie).or(target::shortcoming));
  }

  static ServerReport unresolved(DetectServer server, String why) {
    return new ServerReport(
        server.name(),
        Optional.empty(),
        Finding.unknown(why),
        Finding.unknown(why),
        Optional.empty(),
        Optional.of(why));
  }

  private static Finding<Duration> roundTrip(Target target, Optional<CloseCause> unreachable) {
    if (target.shortestRoundTrip().isPresent()) {
      return Finding.known(target.shortestRoundTrip().get());
    }
    return Finding.unknown(
        unreachable.filter(CloseCause.REFUSED::equals).isPresent()
            ? "its host says that nobody listens there"
            : "it did not answer");
  }

  private static Finding<Rfc5780> rfc5780(
      Target target, Optional<FilteringProbe> probe, MonotonicTime now) {
    if (target.lie().isPresent() || target.badMapping().isPresent()) {
      return Finding.known(Rfc5780.DISHONEST);
    }
    if (!target.isAlive()) {
      return Finding.unknown("it did not answer");
    }
    if (target.alternate().isEmpty() || target.declines()) {
      return Finding.known(Rfc5780.NO);
    }
    boolean proven = probe.filter(p -> p.answersFromBoth() && p.answersFromPort()).isPresent();
    if (proven) {
      return Finding.known(Rfc5780.YES);
    }
    return Finding.unknown(
        probe
            .flatMap(p -> p.judge(now).reason())
            .orElse(probe.isPresent() ? "it was not heard often enough" : "it was not needed"));
  }
}
