package dev.culvert.punch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.punch.PunchPlan.Kind;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PunchPlanTest {
  private static final Dependence EI = Dependence.ENDPOINT_INDEPENDENT;
  private static final Dependence AD = Dependence.ADDRESS;
  private static final Dependence APD = Dependence.ADDRESS_AND_PORT;

  private static TransportAddress address(int number) {
    return new TransportAddress(IpLiterals.parse("192.0.2." + number).orElseThrow(), 4000 + number);
  }

  private static NatTraits nat(int number, Dependence mapping, Dependence filter, PortRule ports) {
    return new NatTraits(
        address(number),
        true,
        mapping,
        filter,
        ports,
        Optional.of(new PortSighting(40_000, Duration.ofMillis(100))));
  }

  private static List<NatTraits> all(int number) {
    List<NatTraits> all = new ArrayList<>();
    all.add(NatTraits.open(address(number)));
    all.add(NatTraits.unknown(address(number)));
    for (Dependence mapping : Dependence.values()) {
      for (Dependence filtering : Dependence.values()) {
        all.add(nat(number, mapping, filtering, PortRule.preserving()));
        all.add(nat(number, mapping, filtering, PortRule.sequential(1, 0)));
        all.add(nat(number, mapping, filtering, PortRule.random()));
        all.add(nat(number, mapping, filtering, PortRule.unknown()));
      }
    }
    return all;
  }

  /** Both sides do the same thing, and one looks where the other stands. */
  @Test
  void bothSidesHavePlansThatFit() {
    int pairs = 0;
    for (NatTraits own : all(1)) {
      for (NatTraits peer : all(2)) {
        PunchPlan here = PunchPlan.choose(own, peer);
        PunchPlan there = PunchPlan.choose(peer, own);
        String what = own.words() + " x " + peer.words() + ": " + here + " | " + there;
        assertEquals(here.kind(), there.kind(), what);
        assertEquals(here.searches(), there.stands(), what);
        assertEquals(here.stands(), there.searches(), what);
        assertEquals(here.isAttempted(), here.searches() || here.stands(), what);
        assertTrue(here.isAttempted() || here.reason().equals(there.reason()), what);
        pairs++;
      }
    }
    assertEquals(66 * 66, pairs);
  }

  @Test
  void hardPairsHaveTheirPlans() {
    NatTraits prc = nat(1, EI, APD, PortRule.preserving());
    NatTraits arc = nat(1, EI, AD, PortRule.preserving());
    NatTraits adm = nat(2, AD, APD, PortRule.random());
    NatTraits sym = nat(3, APD, APD, PortRule.random());
    NatTraits seq = nat(4, APD, APD, PortRule.sequential(1, 0));
    NatTraits wall =
        new NatTraits(address(5), false, EI, APD, PortRule.preserving(), Optional.empty());
    NatTraits open = NatTraits.open(address(6));
    assertEquals(Kind.BIRTHDAY, PunchPlan.choose(prc, sym).kind());
    assertEquals(Kind.BIRTHDAY, PunchPlan.choose(wall, sym).kind());
    assertEquals(Kind.BIRTHDAY, PunchPlan.choose(adm, prc).kind());
    assertEquals(Kind.PREDICTION, PunchPlan.choose(prc, seq).kind());
    assertEquals(Kind.DOUBLE_PREDICTION, PunchPlan.choose(seq, seq.at(address(7))).kind());
    assertEquals(Kind.SIMULTANEOUS_OPEN, PunchPlan.choose(prc, wall).kind());
    assertEquals(Kind.SIMULTANEOUS_OPEN, PunchPlan.choose(arc, sym).kind());
    assertEquals(Kind.REVERSAL, PunchPlan.choose(open, sym).kind());
    assertEquals(Kind.SIMULTANEOUS_OPEN, PunchPlan.choose(open, open).kind());
    assertTrue(PunchPlan.choose(prc, sym).searches());
    assertTrue(PunchPlan.choose(prc, sym).toString().startsWith("birthday: the peer draws"));
  }

  @Test
  void whereNothingCanBeDoneItSaysWhy() {
    NatTraits sym = nat(3, APD, APD, PortRule.random());
    NatTraits seq = nat(4, APD, APD, PortRule.sequential(1, 0));
    PunchPlan both = PunchPlan.choose(sym, sym.at(address(9)));
    assertEquals("none: both sides draw random ports", both.toString());
    assertEquals(
        "one side draws random ports, and the other takes a new port for each that it tries",
        PunchPlan.choose(sym, seq).reason());
    TransportAddress six = new TransportAddress(IpLiterals.parse("2001:db8::1").orElseThrow(), 5);
    assertEquals(
        "one side has IPv4 and the other has IPv6",
        PunchPlan.choose(sym, NatTraits.open(six)).reason());
  }

  /** Random ports at both sides, where one has an answer for all ports of the other. */
  @Test
  void twoRandomSidesMeetWhereOneIsLenient() {
    NatTraits lenient = nat(1, AD, AD, PortRule.random());
    NatTraits sym = nat(3, APD, APD, PortRule.random());
    PunchPlan plan = PunchPlan.choose(sym, lenient);
    assertEquals(Kind.BIRTHDAY, plan.kind());
    assertTrue(plan.searches() && !plan.stands());
  }
}
