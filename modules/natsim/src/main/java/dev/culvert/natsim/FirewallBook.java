package dev.culvert.natsim;

import java.util.Optional;

/** Watches a firewall. */
final class FirewallBook extends GatewayBook {
  private final Firewall wall;
  private final FirewallBehaviour behaviour;

  FirewallBook(Invariants invariants, Firewall wall) {
    super(invariants, wall.behaviour().filtering());
    this.wall = wall;
    this.behaviour = wall.behaviour();
  }

  @Override
  void passed(Packet before, Packet after, boolean fromInside, boolean toOutside) {
    boolean untouched =
        before.source().equals(after.source()) && before.destination().equals(after.destination());
    boolean ours = untouched && wall.covers(before.destination().ip());
    if (!ours || before.protocol() == Protocol.ICMP) {
      return;
    }
    boolean blocked = behaviour.blocked().contains(before.protocol());
    invariants().check(!blocked, "a firewall passes what it blocks", before);
    if (fromInside) {
      talked(before.protocol(), before.source(), before.destination());
    } else if (before.protocol() == Protocol.UDP && !behaviour.open()) {
      invariants()
          .check(
              mayTalk(
                  before.protocol(),
                  before.destination(),
                  before.source(),
                  Optional.of(behaviour.timeout())),
              "a firewall lets in what nobody asked for",
              before);
    }
  }
}
