package dev.culvert.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.IntegrityKey;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.Protection;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.IceControlled;
import dev.culvert.stun.attribute.IceControlling;
import dev.culvert.stun.attribute.Priority;
import dev.culvert.stun.attribute.UnknownAttribute;
import dev.culvert.stun.attribute.UnknownAttributes;
import dev.culvert.stun.attribute.UseCandidate;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What RFC 8445 asks of an agent, message by message. */
class RulesTest {
  private static final Base BASE = new Base(1, Transport.UDP, at("198.51.100.1", 4000));
  private static final TransportAddress PEER = at("198.51.100.2", 5000);
  private static final IceCredentials THEIRS = new IceCredentials("peer", "0123456789012345678901");

  private final Random random = new Random(9);
  private MonotonicTime now = new MonotonicTime(0);
  private IceAgent agent = agent(IceConfig.standard(IceRole.CONTROLLED));

  private static TransportAddress at(String ip, int port) {
    return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), port);
  }

  private static Candidate host(TransportAddress address) {
    return new Candidate(
        "1",
        ComponentId.ONLY,
        Transport.UDP,
        Priorities.of(CandidateType.HOST, Priorities.ONLY_ADDRESS, 1),
        new CandidateAddress.Ip(address),
        CandidateType.HOST,
        Optional.empty(),
        Optional.empty());
  }

  private IceAgent agent(IceConfig config) {
    IceAgent made = new IceAgent(config, new Random(4));
    made.addLocal(new LocalCandidate(host(BASE.address()), BASE), now);
    return made;
  }

  /** It knows the peer and its only candidate. */
  private void begin() {
    agent.remote(IceParameters.of(THEIRS), now);
    agent.addRemote(host(PEER), now);
  }

  private List<StunMessage> sent() {
    List<StunMessage> all = new ArrayList<>();
    for (Optional<Output> next = agent.pollOutput(); next.isPresent(); next = agent.pollOutput()) {
      all.add(
          StunCodec.decode(((Output.Send) next.get()).payload()).packet().orElseThrow().message());
    }
    return all;
  }

  private static List<StunMessage> of(MessageClass kind, List<StunMessage> all) {
    return all.stream().filter(each -> each.messageClass() == kind).toList();
  }

  private StunMessage check(Attribute... says) {
    List<Attribute> all = new ArrayList<>();
    all.add(new Username(agent.parameters().credentials().ufrag() + ":" + THEIRS.ufrag()));
    all.addAll(List.of(says));
    return new StunMessage(MessageClass.REQUEST, Method.BINDING, TransactionId.random(random), all);
  }

  private Protection own() {
    return Protection.sha1(IntegrityKey.shortTerm(agent.parameters().credentials().password()))
        .withFingerprint();
  }

  private List<StunMessage> receives(StunMessage message, Protection protection) {
    agent.receive(BASE.to(PEER), StunCodec.encode(message, protection), now);
    return sent();
  }

  private StunMessage usual(Attribute... more) {
    List<Attribute> says = new ArrayList<>();
    says.add(new Priority(1_000_000));
    says.add(new IceControlling(-1));
    says.addAll(List.of(more));
    return check(says.toArray(new Attribute[0]));
  }

  private void answers(StunMessage response) {
    agent.receive(
        BASE.to(PEER),
        StunCodec.encode(
            response, Protection.sha1(IntegrityKey.shortTerm(THEIRS.password())).withFingerprint()),
        now);
  }

  private static StunMessage success(StunMessage question) {
    return question.withoutProtection().successResponse(new XorMappedAddress(BASE.address()));
  }

  private void wait(int millis) {
    now = now.plus(Duration.ofMillis(millis));
    agent.advance(now);
  }

  private StunMessage firstCheck() {
    return of(MessageClass.REQUEST, sent()).get(0);
  }

  private static int error(List<StunMessage> replies) {
    return of(MessageClass.ERROR_RESPONSE, replies).get(0).error().orElseThrow().code();
  }

  @Test
  void aWrongPasswordIsRefusedWithoutIntegrity() {
    List<StunMessage> replies =
        receives(
            usual(),
            Protection.sha1(IntegrityKey.shortTerm("wrong-password-0123456")).withFingerprint());
    assertEquals(ErrorCode.UNAUTHENTICATED, error(replies));
    assertFalse(
        new StunPacket(replies.get(0), Bytes.empty()).integrity().isPresent(), "" + replies);
    assertTrue(agent.fates().isEmpty());
  }

  @Test
  void aCheckWithoutIntegrityIsABadRequest() {
    assertEquals(
        ErrorCode.BAD_REQUEST, error(receives(usual(), Protection.none().withFingerprint())));
  }

  @Test
  void aCheckWithoutFingerprintIsNone() {
    assertEquals(
        List.of(),
        receives(
            usual(),
            Protection.sha1(IntegrityKey.shortTerm(agent.parameters().credentials().password()))));
  }

  @Test
  void aCheckForSomebodyElseIsNotAnswered() {
    StunMessage other =
        new StunMessage(
            MessageClass.REQUEST,
            Method.BINDING,
            TransactionId.random(random),
            List.of(new Username("else:" + THEIRS.ufrag()), new Priority(5)));
    assertEquals(List.of(), receives(other, own()));
  }

  @Test
  void aCheckOfAnotherPeerIsNotAnsweredOnceThePeerIsKnown() {
    begin();
    sent();
    StunMessage other =
        new StunMessage(
            MessageClass.REQUEST,
            Method.BINDING,
            TransactionId.random(random),
            List.of(
                new Username(agent.parameters().credentials().ufrag() + ":nope"),
                new Priority(5),
                new IceControlling(3)));
    assertEquals(List.of(), receives(other, own()));
  }

  @Test
  void unknownAttributesThatMustBeUnderstoodAreNamed() {
    List<StunMessage> replies =
        receives(usual(new UnknownAttribute(0x7001, Bytes.of(1, 2, 3, 4))), own());
    assertEquals(ErrorCode.UNKNOWN_ATTRIBUTE, error(replies));
    assertEquals(
        List.of(0x7001), replies.get(0).first(UnknownAttributes.class).orElseThrow().types());
    assertEquals(
        MessageClass.SUCCESS_RESPONSE,
        receives(usual(new UnknownAttribute(0xff01, Bytes.of(1, 2, 3, 4))), own())
            .get(0)
            .messageClass());
  }

  @Test
  void aCheckWithoutPriorityIsABadRequest() {
    assertEquals(ErrorCode.BAD_REQUEST, error(receives(check(new IceControlling(5)), own())));
  }

  @Test
  void whatItSendsHasAllThatIsAsked() {
    begin();
    StunMessage check = firstCheck();
    assertEquals(
        THEIRS.ufrag() + ":" + agent.parameters().credentials().ufrag(),
        check.first(Username.class).orElseThrow().name());
    assertEquals(
        Priorities.of(CandidateType.PEER_REFLEXIVE, Priorities.ONLY_ADDRESS, 1),
        check.first(Priority.class).orElseThrow().priority());
    assertTrue(check.has(IceControlled.class));
    assertFalse(check.has(UseCandidate.class));
  }

  @Test
  void thePrioritiesOfThePeerAreKeptInBounds() {
    begin();
    for (long priority : new long[] {0, 0xffff_ffffL}) {
      agent.receive(
          BASE.to(at("198.51.100.7", 1 + (int) (priority & 0xff))),
          StunCodec.encode(check(new Priority(priority), new IceControlling(-1)), own()),
          now);
    }
    assertEquals(3, agent.fates().size());
    assertEquals(
        List.of(1L, 0x7fff_ffffL),
        agent.fates().stream()
            .map(fate -> fate.remote())
            .filter(remote -> remote.type() == CandidateType.PEER_REFLEXIVE)
            .map(Candidate::priority)
            .sorted()
            .toList());
  }

  @Test
  void theGreaterTieBreakerControls() {
    begin();
    sent();
    // It is controlled, and so says the peer with the least tie-breaker there is: the peer must
    // not control, so this agent does from now on.
    List<StunMessage> replies = receives(check(new Priority(5), new IceControlled(0)), own());
    assertEquals(MessageClass.SUCCESS_RESPONSE, replies.get(0).messageClass());
    assertEquals(IceRole.CONTROLLING, agent.role());
    // Both control, and the peer's is the greatest: this agent gives in.
    receives(check(new Priority(5), new IceControlling(-1)), own());
    assertEquals(IceRole.CONTROLLED, agent.role());
    // Both are controlled, and the peer's is the greatest: the peer has to control.
    assertEquals(
        ErrorCode.ROLE_CONFLICT,
        error(receives(check(new Priority(5), new IceControlled(-1)), own())));
    assertEquals(IceRole.CONTROLLED, agent.role());
  }

  @Test
  void aRoleConflictTurnsTheRoleAndRepeatsTheCheck() {
    begin();
    StunMessage first = firstCheck();
    answers(first.withoutProtection().errorResponse(ErrorCode.ROLE_CONFLICT));
    assertEquals(IceRole.CONTROLLING, agent.role());
    wait(60);
    StunMessage second = firstCheck();
    assertNotEquals(first.transactionId(), second.transactionId());
    assertTrue(second.has(IceControlling.class));
    assertNotEquals(
        first.first(IceControlled.class).orElseThrow().tieBreaker(),
        second.first(IceControlling.class).orElseThrow().tieBreaker());
  }

  @Test
  void aConflictAboutARoleThatWasLeftChangesNothing() {
    begin();
    StunMessage first = firstCheck();
    receives(check(new Priority(5), new IceControlled(0)), own());
    assertEquals(IceRole.CONTROLLING, agent.role());
    answers(first.withoutProtection().errorResponse(ErrorCode.ROLE_CONFLICT));
    assertEquals(IceRole.CONTROLLING, agent.role());
  }

  @Test
  void whatIsNominatedWhileItsCheckIsUnderWayIsSelectedWhenThatIsAnswered() {
    begin();
    StunMessage first = firstCheck();
    receives(usual(new UseCandidate()), own());
    assertTrue(agent.path(ComponentId.ONLY).isEmpty());
    answers(success(first));
    assertTrue(agent.path(ComponentId.ONLY).orElseThrow().selected());
    assertEquals(IceState.COMPLETED, agent.state());
  }

  @Test
  void onlyTheControllingSideNominates() {
    agent = agent(IceConfig.standard(IceRole.CONTROLLING));
    begin();
    StunMessage first = firstCheck();
    receives(check(new Priority(5), new IceControlled(3), new UseCandidate()), own());
    answers(success(first));
    assertFalse(agent.path(ComponentId.ONLY).orElseThrow().selected());
  }

  @Test
  void anAnswerFromElsewhereFailsThePair() {
    begin();
    StunMessage first = firstCheck();
    agent.receive(
        BASE.to(at("198.51.100.2", 5001)),
        StunCodec.encode(
            success(first),
            Protection.sha1(IntegrityKey.shortTerm(THEIRS.password())).withFingerprint()),
        now);
    assertEquals(PairState.FAILED, agent.fates().get(0).state());
    assertEquals("the answer came from 198.51.100.2:5001", agent.fates().get(0).fault());
  }

  @Test
  void anAnswerThatSomebodyElseMadeIsNone() {
    begin();
    StunMessage first = firstCheck();
    agent.receive(
        BASE.to(PEER),
        StunCodec.encode(
            success(first),
            Protection.sha1(IntegrityKey.shortTerm("0000000000000000000000")).withFingerprint()),
        now);
    assertEquals(PairState.IN_PROGRESS, agent.fates().get(0).state());
  }

  @Test
  void whatThePeerSeesIsTheCandidateOfTheValidPair() {
    begin();
    StunMessage first = firstCheck();
    TransportAddress mapped = at("203.0.113.5", 777);
    answers(first.withoutProtection().successResponse(new XorMappedAddress(mapped)));
    IcePath path = agent.path(ComponentId.ONLY).orElseThrow();
    assertEquals(Optional.of(mapped), path.local().address().known());
    assertEquals(CandidateType.PEER_REFLEXIVE, path.local().type());
    assertEquals(BASE.to(PEER), path.flow());
    assertEquals(1, agent.fates().size());
  }

  @Test
  void nobodyIsAnsweredWhereNoCandidateIs() {
    // Another socket of the same machine: an answer would tell an address that the policy hides.
    Flow other = new Flow(7, Transport.UDP, at("198.51.100.1", 4007), PEER);
    agent.receive(other, StunCodec.encode(usual(), own()), now);
    assertEquals(List.of(), sent());
  }

  @Test
  void nobodyIsAnsweredAfterItFailed() {
    begin();
    agent.peerFailed(now);
    assertEquals(IceState.FAILED, agent.state());
    sent();
    assertEquals(List.of(), receives(usual(), own()));
  }

  @Test
  void dataWaitsForThePeersDescriptionThatItsCheckHasOvertaken() {
    Bytes data = Bytes.of(0x80, 7);
    Flow stranger = BASE.to(at("198.51.100.3", 5000));
    assertEquals(1, receives(usual(), own()).size());
    agent.receive(BASE.to(PEER), data, now);
    agent.receive(stranger, data, now);
    assertTrue(agent.isAwaited(BASE.to(PEER)));
    assertFalse(agent.isAwaited(stranger));
    begin();
    answers(success(firstCheck()));
    List<Bytes> received = new ArrayList<>();
    for (Optional<IceEvent> next = agent.pollEvent(); next.isPresent(); next = agent.pollEvent()) {
      if (next.get() instanceof IceEvent.Received its) {
        received.add(its.data());
      }
    }
    assertEquals(List.of(data), received);
  }

  @Test
  void noDataLeavesOnceItIsClosed() {
    begin();
    StunMessage first = firstCheck();
    answers(success(first));
    assertTrue(agent.send(ComponentId.ONLY, Bytes.of(0x80, 1), now));
    agent.close();
    assertFalse(agent.send(ComponentId.ONLY, Bytes.of(0x80, 1), now));
    assertFalse(agent.isProven(BASE.to(PEER)));
  }

  @Test
  void anAnswerToAConsentCheckMayTakeLong() {
    begin();
    StunMessage first = firstCheck();
    answers(success(first));
    // All that was asked within a second is answered at its end.
    for (int i = 0; i < 3600; i++) {
      List<StunMessage> asked = new ArrayList<>();
      for (int j = 0; j < 10; j++) {
        wait(100);
        asked.addAll(of(MessageClass.REQUEST, sent()));
      }
      asked.forEach(each -> answers(success(each)));
    }
    assertTrue(agent.path(ComponentId.ONLY).isPresent());
  }

  @Test
  void twoLiteAgentsUseTheirBestPairWithoutAnyCheck() {
    IceAgent[] both = new IceAgent[2];
    for (int i = 0; i < 2; i++) {
      agent =
          agent(IceConfig.standard(i == 0 ? IceRole.CONTROLLING : IceRole.CONTROLLED).withLite());
      agent.remote(new IceParameters(THEIRS, true, Set.of(), Optional.empty()), now);
      agent.addRemote(host(PEER).withPriority(5), now);
      agent.addRemote(host(at("198.51.100.3", 6000)), now);
      both[i] = agent;
      assertEquals(List.of(), sent());
      assertEquals(IceState.COMPLETED, agent.state());
      assertEquals(
          at("198.51.100.3", 6000), agent.path(ComponentId.ONLY).orElseThrow().flow().remote());
      wait(3_600_000);
      assertTrue(agent.send(ComponentId.ONLY, Bytes.of(0x80, 1), now));
    }
    assertEquals(IceRole.CONTROLLING, both[0].role());
    assertEquals(IceRole.CONTROLLED, both[1].role());
  }
}
