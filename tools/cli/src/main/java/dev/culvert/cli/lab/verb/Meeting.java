package dev.culvert.cli.lab.verb;

import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.VerbRun;
import dev.culvert.sansio.TransportAddress;
import java.util.List;
import java.util.Optional;

/**
 * Two sides that get to know each other through this object and then try to meet.
 *
 * @param <D> what a side tells the other
 * @param <R> what a side finds out
 */
abstract class Meeting<D, R> implements VerbRun {
  private List<Side<D, R>> sides = List.of();
  private boolean introduced;
  private boolean stopped;

  /** The one address of a server that both sides ask. */
  static TransportAddress server(LabWorld world, Optional<String> written, boolean ipv4) {
    String name = written.orElseGet(() -> Places.usualServer(world));
    return Places.server(world, name, ipv4, !ipv4).stream()
        .filter(address -> address.isIpv4() == ipv4)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "server " + name + " has no " + (ipv4 ? "IPv4" : "IPv6") + " address"));
  }

  final synchronized void between(Side<D, R> first, Side<D, R> second) {
    sides = List.of(first, second);
    exchange();
  }

  /** Passes the descriptions over once both are there: what signalling does between real peers. */
  final synchronized void exchange() {
    if (introduced || sides.isEmpty() || sides.stream().anyMatch(s -> s.description().isEmpty())) {
      return;
    }
    introduced = true;
    sides.get(0).meet(sides.get(1).description().orElseThrow());
    sides.get(1).meet(sides.get(0).description().orElseThrow());
  }

  @Override
  public final boolean isReady() {
    return true;
  }

  @Override
  public final synchronized boolean isDone() {
    boolean done =
        stopped
            || failure().isPresent()
            || sides.stream().allMatch(side -> side.result().isPresent());
    if (done && !stopped) {
      stop();
    }
    return done;
  }

  @Override
  public final synchronized void stop() {
    stopped = true;
    sides.forEach(Side::stop);
  }

  /** One of the two, 0 or 1. */
  final Side<D, R> side(int which) {
    return sides.get(which);
  }

  /** What both found out; empty as long as one of them has not. */
  final Optional<List<R>> results() {
    List<R> all = sides.stream().flatMap(side -> side.result().stream()).toList();
    return all.size() < 2 ? Optional.empty() : Optional.of(all);
  }

  final Optional<String> failure() {
    return sides.stream().flatMap(side -> side.failure().stream()).findFirst();
  }
}
