package dev.culvert.stun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.ShortTermCredential.Offer;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Username;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ShortTermAuthenticationTest {
  private static final TransportAddress HERE =
      new TransportAddress(IpLiterals.parse("192.0.2.1").orElseThrow(), 1000);
  private static final Flow FLOW = new Flow(1, Transport.UDP, HERE, HERE.withPort(2000));
  private static final ShortTermCredential CREDENTIAL = ShortTermCredential.of("a:b", "pass");
  private static final StunMessage BINDING =
      StunMessage.request(Method.BINDING, new TransactionId(1, 2));

  @ParameterizedTest
  @EnumSource(Offer.class)
  void requestAndResponse(Offer offer) {
    ClientRequest request = CREDENTIAL.request(FLOW, BINDING, offer, true);
    StunPacket received = decode(request.wire());
    assertTrue(received.hasFingerprint());
    ServerVerdict.Accepted accepted =
        assertInstanceOf(ServerVerdict.Accepted.class, check(received));
    assertEquals("a:b", accepted.username());
    // Only one of the two goes back, the stronger if both came.
    Protection expected =
        offer == Offer.SHA1
            ? Protection.sha1(CREDENTIAL.key())
            : Protection.sha256(CREDENTIAL.key());
    assertEquals(expected, accepted.responseProtection());
    StunPacket response =
        decode(StunCodec.encode(BINDING.successResponse(), accepted.responseProtection()));
    assertEquals(ResponseCheck.Verdict.ACCEPT, request.check().judge(response, FLOW));
  }

  @ParameterizedTest
  @CsvSource({
    "SHA1, SHA256, DISCARD",
    "SHA256, SHA1, DISCARD",
    "BOTH, SHA1, ACCEPT",
    "BOTH, SHA256, ACCEPT"
  })
  void theAnswersAlgorithmMatches(
      Offer offer, IntegrityAlgorithm answer, ResponseCheck.Verdict verdict) {
    ClientRequest request = CREDENTIAL.request(FLOW, BINDING, offer, false);
    StunPacket response =
        decode(
            StunCodec.encode(BINDING.successResponse(), Protection.of(answer, CREDENTIAL.key())));
    assertEquals(verdict, request.check().judge(response, FLOW));
    StunPacket bare = decode(StunCodec.encode(BINDING.successResponse()));
    assertEquals(ResponseCheck.Verdict.UNPROVEN, request.check().judge(bare, FLOW));
    assertEquals(
        answer == IntegrityAlgorithm.SHA1 ? Offer.SHA1 : Offer.SHA256, Offer.after(answer));
  }

  @Test
  void theServerRefusesRequestsAndDropsIndications() {
    Protection right = Protection.sha1(CREDENTIAL.key());
    Protection wrong = Protection.sha1(IntegrityKey.shortTerm("other"));
    assertRefused(400, Protection.none(), new Username("a:b"));
    assertRefused(400, right);
    assertRefused(401, right, new Username("a:c"));
    assertRefused(401, wrong, new Username("a:b"));
  }

  private static void assertRefused(int code, Protection protection, Attribute... attributes) {
    StunMessage request = BINDING.with(attributes);
    assertEquals(
        new ServerVerdict.Refused(
            new StunMessage(
                MessageClass.ERROR_RESPONSE,
                Method.BINDING,
                BINDING.transactionId(),
                List.of(ErrorCode.of(code)))),
        check(decode(StunCodec.encode(request, protection))));
    StunMessage indication =
        StunMessage.indication(Method.BINDING, BINDING.transactionId(), attributes);
    assertEquals(
        new ServerVerdict.Dropped(), check(decode(StunCodec.encode(indication, protection))));
  }

  private static ServerVerdict check(StunPacket packet) {
    return ShortTermCredential.check(
        packet, name -> name.equals("a:b") ? Optional.of(CREDENTIAL.key()) : Optional.empty());
  }

  private static StunPacket decode(Bytes wire) {
    return StunCodec.decode(wire).packet().orElseThrow();
  }
}
