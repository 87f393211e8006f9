package dev.culvert.stun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.UnknownAttribute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClientTransactionsTest {
  private static final TransportAddress HERE = address("192.0.2.1", 1000);
  private static final TransportAddress SERVER = address("198.51.100.1", 3478);
  private static final TransportAddress ELSEWHERE = address("198.51.100.2", 3479);
  private static final Flow UDP = new Flow(1, Transport.UDP, HERE, SERVER);
  private static final Flow TCP = new Flow(2, Transport.TCP, HERE, SERVER);
  private static final IntegrityKey KEY = IntegrityKey.of(Bytes.utf8("key"));

  private final ClientTransactions transactions = new ClientTransactions(new Random(1), 3);
  private MonotonicTime now = new MonotonicTime(Long.MAX_VALUE - 1_000_000_000L);

  @Test
  void sendsAndGivesUpWhenTheRfcSays() {
    MonotonicTime start = now;
    ClientRequest request = binding(UDP);
    transactions.start(request, now);
    List<Long> sentAt = new ArrayList<>();
    while (transactions.size() > 0) {
      now = transactions.nextDeadline().filter(at -> sentAt.size() > 0).orElse(now);
      transactions.advance(now);
      transactions
          .pollSend()
          .ifPresent(
              send -> {
                assertEquals(new Output.Send(UDP, request.wire()), send);
                sentAt.add(now.since(start).toMillis());
              });
    }
    assertEquals(List.of(0L, 500L, 1500L, 3500L, 7500L, 15500L, 31500L), sentAt);
    assertEquals(Duration.ofMillis(39_500), now.since(start));
    assertEquals(
        Optional.of(new TransactionOutcome.TimedOut(request, Optional.empty(), 7)),
        transactions.pollOutcome());
    assertEquals(Optional.empty(), transactions.pollOutcome());
    assertEquals(Optional.empty(), transactions.nextDeadline());
  }

  @Test
  void earlyAndRepeatedAdvancesDoNothing() {
    transactions.start(binding(UDP), now);
    assertTrue(transactions.pollSend().isPresent());
    transactions.advance(now);
    transactions.advance(now.plus(Duration.ofMillis(499)));
    assertEquals(Optional.empty(), transactions.pollSend());
    transactions.advance(now.plus(Duration.ofMillis(500)));
    transactions.advance(now.plus(Duration.ofMillis(500)));
    assertTrue(transactions.pollSend().isPresent());
    assertEquals(Optional.empty(), transactions.pollSend());
  }

  @Test
  void overStreamsSendsOnceAndWaitsTi() {
    transactions.start(binding(TCP), now);
    assertTrue(transactions.pollSend().isPresent());
    assertEquals(Optional.of(now.plus(Duration.ofMillis(39_500))), transactions.nextDeadline());
    transactions.advance(now.plus(Duration.ofMillis(39_500)));
    assertEquals(Optional.empty(), transactions.pollSend());
    assertInstanceOf(TransactionOutcome.TimedOut.class, outcome());
  }

  @Test
  void handsOutTheResponseWithItsSourceAndRoundTrip() {
    ClientRequest request = binding(UDP);
    transactions.start(request, now);
    StunPacket response = answer(request);
    MonotonicTime later = now.plus(Duration.ofMillis(30));
    assertTrue(transactions.receive(UDP.to(ELSEWHERE), response, later));
    TransactionOutcome.Responded responded =
        assertInstanceOf(TransactionOutcome.Responded.class, outcome());
    assertEquals(response, responded.response());
    assertEquals(ELSEWHERE, responded.from().remote());
    assertFalse(responded.isFromWhereAsked());
    assertEquals(Optional.of(Duration.ofMillis(30)), responded.roundTrip());
    assertFalse(transactions.receive(UDP, response, later));
    assertEquals(Optional.empty(), transactions.nextDeadline());
  }

  @Test
  void knowsNoRoundTripAfterARetransmission() {
    ClientRequest request = binding(UDP);
    transactions.start(request, now);
    transactions.advance(now.plus(Duration.ofMillis(500)));
    transactions.receive(UDP, answer(request), now.plus(Duration.ofMillis(520)));
    TransactionOutcome.Responded responded =
        assertInstanceOf(TransactionOutcome.Responded.class, outcome());
    assertEquals(2, responded.sends());
    assertEquals(Optional.empty(), responded.roundTrip());
    assertEquals(Duration.ofMillis(520), responded.elapsed());
    assertTrue(responded.isFromWhereAsked());
  }

  @Test
  void leavesAloneWhatAnswersNothing() {
    ClientRequest request = binding(UDP);
    transactions.start(request, now);
    StunMessage foreign =
        StunMessage.request(Method.BINDING, transactions.newTransactionId()).successResponse();
    StunMessage otherMethod = StunMessage.request(Method.ALLOCATE, request.id()).successResponse();
    StunMessage noResponse = StunMessage.indication(Method.BINDING, request.id());
    for (StunMessage message : List.of(foreign, otherMethod, noResponse, request.message())) {
      assertFalse(transactions.receive(UDP, packet(message), now), message.toString());
    }
    assertFalse(transactions.receive(TCP, answer(request), now));
    assertEquals(1, transactions.size());
  }

  @Test
  void aConnectionsAnswersComeOverTheConnection() {
    ClientRequest request = binding(TCP);
    transactions.start(request, now);
    Flow other = new Flow(9, Transport.TCP, HERE, SERVER);
    assertFalse(transactions.receive(other, answer(request), now));
    assertFalse(transactions.receive(UDP, answer(request), now));
    assertTrue(transactions.receive(TCP, answer(request), now));
  }

  @Test
  void aHardErrorEndsASoftOneIsRemembered() {
    ClientRequest first = binding(UDP);
    ClientRequest second = binding(UDP.to(ELSEWHERE));
    transactions.start(first, now);
    transactions.start(second, now);
    transactions.unreachable(UDP, CloseCause.UNREACHABLE);
    assertEquals(2, transactions.size());
    transactions.unreachable(UDP.to(ELSEWHERE), CloseCause.REFUSED);
    assertEquals(new TransactionOutcome.Refused(second, CloseCause.REFUSED, 1), outcome());
    runOut();
    assertEquals(
        new TransactionOutcome.TimedOut(first, Optional.of(CloseCause.UNREACHABLE), 7), outcome());
  }

  @Test
  void aClosedConnectionEndsAllOnIt() {
    ClientRequest first = binding(TCP);
    ClientRequest second = binding(TCP);
    ClientRequest third = binding(UDP);
    transactions.start(first, now);
    transactions.start(second, now);
    transactions.start(third, now);
    transactions.closed(2, CloseCause.RESET);
    assertInstanceOf(TransactionOutcome.Refused.class, outcome());
    assertInstanceOf(TransactionOutcome.Refused.class, outcome());
    assertTrue(transactions.isPending(third.id()));
  }

  @Test
  void unprovenResponsesAreDroppedOnDatagramsAndToldAtTheEnd() {
    ClientRequest request =
        binding(UDP).withCheck(ResponseCheck.provenBy(KEY, IntegrityAlgorithm.SHA1));
    transactions.start(request, now);
    assertTrue(transactions.receive(UDP, answer(request), now));
    Bytes forged =
        StunCodec.encode(
            request.message().successResponse(),
            Protection.sha1(IntegrityKey.of(Bytes.utf8("guess"))));
    assertTrue(transactions.receive(UDP, decode(forged), now));
    assertEquals(Optional.empty(), transactions.pollOutcome());
    runOut();
    assertEquals(new TransactionOutcome.Unproven(request, 7), outcome());
  }

  @Test
  void aProvenResponseStillCountsAfterAnUnprovenOne() {
    ClientRequest request =
        binding(UDP).withCheck(ResponseCheck.provenBy(KEY, IntegrityAlgorithm.SHA1));
    transactions.start(request, now);
    transactions.receive(UDP, answer(request), now);
    Bytes proven = StunCodec.encode(request.message().successResponse(), Protection.sha1(KEY));
    transactions.receive(UDP, decode(proven), now);
    assertInstanceOf(TransactionOutcome.Responded.class, outcome());
  }

  @Test
  void onStreamsAnUnprovenResponseEndsAtOnce() {
    ClientRequest request =
        binding(TCP).withCheck(ResponseCheck.provenBy(KEY, IntegrityAlgorithm.SHA256));
    transactions.start(request, now);
    Bytes otherAlgorithm =
        StunCodec.encode(request.message().successResponse(), Protection.sha1(KEY));
    transactions.receive(TCP, decode(otherAlgorithm), now);
    assertEquals(new TransactionOutcome.Unproven(request, 1), outcome());
  }

  @Test
  void whatCannotBeUnderstoodFails() {
    ClientRequest first = binding(UDP);
    transactions.start(first, now);
    transactions.receive(
        UDP,
        packet(first.message().successResponse(new UnknownAttribute(0x7abc, Bytes.empty()))),
        now);
    assertInstanceOf(TransactionOutcome.Unusable.class, outcome());
    ClientRequest second = binding(UDP);
    transactions.start(second, now);
    transactions.receive(
        UDP,
        packet(
            new StunMessage(MessageClass.ERROR_RESPONSE, Method.BINDING, second.id(), List.of())),
        now);
    assertInstanceOf(TransactionOutcome.Unusable.class, outcome());
  }

  @Test
  void isBounded() {
    transactions.start(binding(UDP), now);
    transactions.start(binding(UDP), now);
    assertFalse(transactions.isFull());
    transactions.start(binding(UDP), now);
    assertTrue(transactions.isFull());
    ClientRequest fourth = binding(UDP);
    assertThrows(IllegalStateException.class, () -> transactions.start(fourth, now));
  }

  @Test
  void refusesTheSameIdTwice() {
    ClientRequest request = binding(UDP);
    transactions.start(request, now);
    assertThrows(IllegalStateException.class, () -> transactions.start(request, now));
  }

  @Test
  void forgetsWhatIsCancelled() {
    ClientRequest request = binding(UDP);
    transactions.start(request, now);
    transactions.cancel(request.id());
    assertFalse(transactions.receive(UDP, answer(request), now));
    assertEquals(Optional.empty(), transactions.nextDeadline());
    assertEquals(Optional.empty(), transactions.pollOutcome());
  }

  @Test
  void aQuietRequestIsNotSentAgainButAnswered() {
    ClientRequest request = binding(UDP);
    transactions.start(request, now);
    transactions.pollSend();
    transactions.stopRetransmitting(request.id());
    transactions.advance(now.plus(Duration.ofMillis(500)));
    assertEquals(Optional.empty(), transactions.pollSend());
    transactions.receive(UDP, answer(request), now.plus(Duration.ofMillis(600)));
    assertInstanceOf(TransactionOutcome.Responded.class, outcome());
  }

  @Test
  void sendsWithTheHopLimitAskedFor() {
    transactions.start(binding(UDP).withTtl(3).withDontFragment(true), now);
    Output.Send send = transactions.pollSend().orElseThrow();
    assertEquals(3, send.ttl());
    assertTrue(send.dontFragment());
  }

  @Test
  void keepsNoTimersOfWhatIsOver() {
    for (int i = 0; i < 10_000; i++) {
      ClientRequest request = binding(TCP);
      transactions.start(request, now);
      transactions.receive(TCP, answer(request), now);
      transactions.pollOutcome();
      transactions.pollSend();
    }
    assertTrue(transactions.timersKept() < 100, transactions.timersKept() + " timers");
  }

  @Test
  void policiesAddUp() {
    assertEquals(Duration.ofMillis(39_500), RetransmissionPolicy.DATAGRAM.total());
    assertEquals(Duration.ofMillis(39_500), RetransmissionPolicy.STREAM.total());
    assertEquals(
        Duration.ofMillis(600), RetransmissionPolicy.constant(Duration.ofMillis(200), 3).total());
    assertThrows(
        IllegalArgumentException.class, () -> new RetransmissionPolicy(List.of(Duration.ZERO)));
    assertThrows(IllegalArgumentException.class, () -> new RetransmissionPolicy(List.of()));
  }

  private ClientRequest binding(Flow flow, Attribute... attributes) {
    return ClientRequest.binding(flow, transactions.newTransactionId(), attributes);
  }

  private TransactionOutcome outcome() {
    return transactions.pollOutcome().orElseThrow();
  }

  private void runOut() {
    while (transactions.size() > 0) {
      now = transactions.nextDeadline().orElseThrow();
      transactions.advance(now);
    }
  }

  private static StunPacket answer(ClientRequest request) {
    return packet(request.message().successResponse(new Software("answer")));
  }

  private static StunPacket packet(StunMessage message) {
    return decode(StunCodec.encode(message));
  }

  private static StunPacket decode(Bytes wire) {
    return StunCodec.decode(wire).packet().orElseThrow();
  }

  private static TransportAddress address(String ip, int port) {
    return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), port);
  }
}
