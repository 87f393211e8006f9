package dev.culvert.natsim;

import dev.culvert.natsim.Packet.Signal;
import dev.culvert.sansio.MonotonicTime;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** A router for both families, each with its own rules. */
final class Gateway implements Middlebox {
  private final Optional<Middlebox> ipv4;
  private final Optional<Middlebox> ipv6;
  private final Optional<Nat> nat64;

  Gateway(GatewayBehaviour behaviour, List<InetAddress> outside, RandomGenerator random) {
    List<InetAddress> external = outside.stream().filter(Inet4Address.class::isInstance).toList();
    Optional<Middlebox> nat44 = behaviour.nat44().map(nat -> new Nat(nat, external, random, false));
    this.ipv4 =
        nat44.or(
            () ->
                behaviour.wall4().map(wall -> new Firewall(wall, Inet4Address.class::isInstance)));
    this.ipv6 = behaviour.wall6().map(wall -> new Firewall(wall, Inet6Address.class::isInstance));
    this.nat64 = behaviour.nat64().map(nat -> new Nat(nat, external, random, true));
  }

  @Override
  public Passage fromInside(Packet packet, MonotonicTime now) {
    Optional<? extends Middlebox> box =
        packet.destination().isIpv4()
            ? ipv4
            : nat64.isPresent() && Nat64Prefix.covers(packet.destination().ip()) ? nat64 : ipv6;
    return box.isPresent()
        ? box.get().fromInside(packet, now)
        : Passage.refuse("no route", Signal.NO_ROUTE);
  }

  @Override
  public Passage fromOutside(Packet packet, MonotonicTime now) {
    Optional<? extends Middlebox> box =
        !packet.destination().isIpv4() ? ipv6 : nat64.isPresent() ? nat64 : ipv4;
    return box.isPresent() ? box.get().fromOutside(packet, now) : Passage.drop("no route");
  }

  @Override
  public boolean stillRefuses(Packet packet, MonotonicTime now) {
    Optional<? extends Middlebox> box = nat64.isPresent() ? nat64 : ipv4;
    return box.isPresent() && box.get().stillRefuses(packet, now);
  }

  @Override
  public void forget() {
    each(Middlebox::forget);
  }

  @Override
  public void readdress(List<InetAddress> outside) {
    List<InetAddress> external = outside.stream().filter(Inet4Address.class::isInstance).toList();
    each(box -> box.readdress(external));
  }

  @Override
  public void eachNat(Consumer<Nat> action) {
    each(box -> box.eachNat(action));
  }

  @Override
  public void eachFirewall(Consumer<Firewall> action) {
    each(box -> box.eachFirewall(action));
  }

  private void each(Consumer<Middlebox> action) {
    ipv4.ifPresent(action);
    ipv6.ifPresent(action);
    nat64.ifPresent(action);
  }
}
