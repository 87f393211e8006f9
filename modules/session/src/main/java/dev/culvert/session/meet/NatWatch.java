package dev.culvert.session.meet;

import dev.culvert.detect.DetectConfig;
import dev.culvert.detect.DetectEvent;
import dev.culvert.detect.DetectMachine;
import dev.culvert.detect.DetectServer;
import dev.culvert.detect.IpFamily;
import dev.culvert.detect.LocalInterface;
import dev.culvert.punch.NatTraits;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.NamedServer;
import java.net.Inet4Address;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * What NAT stands before this host (RFC 5780), found out when somebody needs to know, on sockets of
 * its own, and kept until the network changes.
 */
final class NatWatch {
  /** More servers say nothing new. */
  private static final int MOST_SERVERS = 4;

  private static final Duration DEADLINE = Duration.ofMillis(2500);

  /** Servers that said nothing are not asked again at once. */
  private static final Duration AGAIN = Duration.ofSeconds(30);

  private final RandomGenerator random;
  private final Queue<Output> outputs = new ArrayDeque<>();
  private Optional<Tenant<DetectEvent>> measurement = Optional.empty();
  private Optional<NatTraits> view = Optional.empty();
  private Optional<MonotonicTime> measuredAt = Optional.empty();
  private boolean compared;
  private Optional<MonotonicTime> again = Optional.empty();

  NatWatch(RandomGenerator random) {
    this.random = random;
  }

  /** What was found; empty before, and where no server told. */
  Optional<NatTraits> view() {
    return view;
  }

  /** When that was. */
  Optional<MonotonicTime> measuredAt() {
    return measuredAt;
  }

  /** Begins, unless that is done, under way, or was in vain a moment ago. */
  void measure(
      long firstId, List<NamedServer> servers, List<LocalAddress> addresses, MonotonicTime now) {
    List<DetectServer> some = usable(servers);
    Optional<LocalAddress> from = from(addresses);
    boolean needless = view.isPresent() || measurement.isPresent();
    if (needless || some.isEmpty() || from.isEmpty() || again.filter(now::isBefore).isPresent()) {
      return;
    }
    DetectConfig config =
        DetectConfig.of(some)
            .from(List.of(new LocalInterface(from.get().interfaceName(), from.get().ip())))
            .over(Set.of(IpFamily.IPV4))
            .within(DEADLINE);
    again = Optional.of(now.plus(AGAIN));
    compared = some.stream().map(DetectServer::host).distinct().count() > 1;
    Tenant<DetectEvent> fresh = new Tenant<>(new DetectMachine(config, random), firstId);
    measurement = Optional.of(fresh);
    fresh.advance(now);
  }

  /** Those over IPv4, each address once: NATs of IPv6 are none that are punched. */
  private static List<DetectServer> usable(List<NamedServer> servers) {
    return servers.stream()
        .map(NamedServer::address)
        .filter(its -> its.ip() instanceof Inet4Address)
        .distinct()
        .limit(MOST_SERVERS)
        .map(its -> DetectServer.of(IpLiterals.format(its.ip(), false), its.port()))
        .toList();
  }

  /** The address that the system would choose first. */
  static Optional<LocalAddress> from(List<LocalAddress> addresses) {
    return addresses.stream().filter(its -> its.ip() instanceof Inet4Address).findFirst();
  }

  /** The network is another one: nothing that was found holds. */
  void forget() {
    measurement.ifPresent(
        its -> its.abandon(Optional.empty()).forEach(id -> outputs.add(new Output.Close(id))));
    measurement = Optional.empty();
    view = Optional.empty();
    measuredAt = Optional.empty();
    again = Optional.empty();
  }

  boolean owns(long id) {
    return measurement.filter(its -> its.owns(id)).isPresent();
  }

  void receive(Flow from, Bytes payload, MonotonicTime now) {
    measurement.ifPresent(its -> its.receive(from, payload, now));
  }

  void accept(Input input, MonotonicTime now) {
    measurement.ifPresent(its -> its.accept(input, now));
  }

  void advance(MonotonicTime now) {
    measurement.ifPresent(its -> its.advance(now));
  }

  Optional<MonotonicTime> nextDeadline() {
    return measurement.flatMap(Tenant::nextDeadline);
  }

  /** Whether nothing will be known before something else changes. */
  boolean isBlind() {
    return view.isEmpty() && measurement.isEmpty();
  }

  /** When servers that told nothing may be asked again; empty while that is of no use. */
  Optional<MonotonicTime> again() {
    return view.isEmpty() && measurement.isEmpty() ? again : Optional.empty();
  }

  /** Whether that is now, told once: nobody may need it any more, or there may be no server. */
  boolean takesAgain(MonotonicTime now) {
    boolean due = again().filter(at -> !now.isBefore(at)).isPresent();
    if (due) {
      again = Optional.empty();
    }
    return due;
  }

  Optional<Output> pollOutput() {
    Optional<Output> own = Optional.ofNullable(outputs.poll());
    return own.isPresent() ? own : measurement.flatMap(Tenant::pollOutput);
  }

  /** Takes what the measurement told; whether it is over. */
  boolean settle(MonotonicTime now) {
    Optional<DetectEvent> event = measurement.flatMap(Tenant::pollEvent);
    while (event.isPresent()) {
      if (event.get() instanceof DetectEvent.Finished finished) {
        view = finished.report().path(IpFamily.IPV4).flatMap(path -> NatView.of(path, compared));
        measuredAt = Optional.of(now);
        finish(measurement.orElseThrow());
        measurement = Optional.empty();
        return true;
      }
      event = measurement.flatMap(Tenant::pollEvent);
    }
    return false;
  }

  /** What it wants last is to have its sockets closed. */
  private void finish(Tenant<DetectEvent> its) {
    for (Optional<Output> next = its.pollOutput(); next.isPresent(); next = its.pollOutput()) {
      outputs.add(next.get());
    }
  }
}
