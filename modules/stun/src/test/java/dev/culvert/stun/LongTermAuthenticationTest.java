package dev.culvert.stun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.PasswordAlgorithms;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.UserHash;
import dev.culvert.stun.attribute.Username;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Both sides of RFC 8489 §9.2 against each other, and each against a side that lies. */
class LongTermAuthenticationTest {
  private static final TransportAddress CLIENT = address("192.0.2.1", 1000);
  private static final Flow FLOW =
      new Flow(1, Transport.UDP, CLIENT, address("198.51.100.1", 3478));
  private static final LongTermCredential USER = new LongTermCredential("user", "secret");
  private static final PasswordAlgorithm MD5 = PasswordAlgorithm.of(PasswordAlgorithm.MD5);
  private static final PasswordAlgorithm SHA_256 = PasswordAlgorithm.of(PasswordAlgorithm.SHA_256);

  private final Random random = new Random(3);
  private final LongTermClient client = new LongTermClient(USER);
  private final CountedNonces nonces = new CountedNonces();

  private static final class CountedNonces implements LongTermServer.Nonces {
    private int current;

    @Override
    public String issue(TransportAddress to) {
      return to + "#" + current;
    }

    @Override
    public boolean isValid(String nonce, TransportAddress from) {
      return nonce.equals(issue(from));
    }
  }

  private static final class OneUser implements LongTermServer.Users {
    private final LongTermCredential credential;

    OneUser(LongTermCredential credential) {
      this.credential = credential;
    }

    @Override
    public Optional<IntegrityKey> key(String username, int algorithm) {
      return username.equals(credential.username())
          ? Optional.of(credential.key(algorithm, "example.org"))
          : Optional.empty();
    }

    @Override
    public Optional<String> username(UserHash hash) {
      return hash.equals(credential.hashAttribute("example.org"))
          ? Optional.of(credential.username())
          : Optional.empty();
    }
  }

  private LongTermServer server(boolean anonymous, LongTermCredential user) {
    return new LongTermServer(
        "example.org", List.of(SHA_256, MD5), anonymous, new OneUser(user), nonces);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void challengeAnswerAndSuccess(boolean anonymous) {
    LongTermServer server = server(anonymous, USER);
    ClientRequest first = request();
    assertEquals(List.of(), first.message().attributes());
    StunMessage challenge = refused(server, first);
    assertEquals(401, challenge.error().orElseThrow().code());
    assertInstanceOf(LongTermClient.Retry.class, client.react(first, challenge));

    ClientRequest second = request();
    assertEquals(anonymous, second.message().has(UserHash.class));
    assertEquals(!anonymous, second.message().has(Username.class));
    assertEquals(
        Optional.of(new PasswordAlgorithms(List.of(SHA_256, MD5))),
        second.message().first(PasswordAlgorithms.class));
    assertEquals(Optional.of(SHA_256), second.message().first(PasswordAlgorithm.class));
    assertFalse(decode(second.wire()).message().has(MessageIntegrity.class));
    ServerVerdict.Accepted accepted = accepted(server, second);
    assertEquals("user", accepted.username());
    assertEquals(32, accepted.responseProtection().sha256Length());
    StunPacket response =
        decode(StunCodec.encode(second.message().successResponse(), accepted.responseProtection()));
    assertEquals(ResponseCheck.Verdict.ACCEPT, second.check().judge(response, FLOW));
    assertInstanceOf(LongTermClient.Done.class, client.react(second, response.message()));
  }

  @Test
  void aStaleNonceIsRenewed() {
    LongTermServer server = server(false, USER);
    answerChallenge(server);
    nonces.current++;
    ClientRequest stale = request();
    StunMessage response = refused(server, stale);
    assertEquals(438, response.error().orElseThrow().code());
    assertEquals(ResponseCheck.Verdict.ACCEPT, stale.check().judge(plain(response), FLOW));
    assertInstanceOf(LongTermClient.Retry.class, client.react(stale, response));
    accepted(server, request());
  }

  @Test
  void aNonceCountsForOneClientOnly() {
    LongTermServer server = server(false, USER);
    answerChallenge(server);
    ServerVerdict verdict = server.check(decode(request().wire()), address("192.0.2.1", 1001));
    assertEquals(438, assertRefused(verdict).error().orElseThrow().code());
  }

  @Test
  void wrongPasswordAndUnknownUserLookAlikeAndAreNotRepeated() {
    for (LongTermCredential user :
        List.of(
            new LongTermCredential("user", "other"), new LongTermCredential("else", "secret"))) {
      LongTermClient fresh = new LongTermClient(USER);
      LongTermServer server = server(false, user);
      ClientRequest first = fresh.request(FLOW, binding());
      fresh.react(first, refused(server, first));
      ClientRequest second = fresh.request(FLOW, binding());
      StunMessage refusal = refused(server, second);
      assertEquals(401, refusal.error().orElseThrow().code());
      assertEquals(ResponseCheck.Verdict.ACCEPT, second.check().judge(plain(refusal), FLOW));
      assertEquals(
          new LongTermClient.GiveUp("the server does not accept this user name and password"),
          fresh.react(second, refusal));
    }
  }

  @Test
  void anRfc5389ServerIsAnsweredWithMd5AndSha1() {
    ClientRequest first = request();
    client.react(first, first.message().errorResponse(401, new Realm("old"), new Nonce("n")));
    ClientRequest second = request();
    StunPacket sent = decode(second.wire());
    assertEquals(Optional.of(IntegrityAlgorithm.SHA1), sent.integrity());
    assertTrue(sent.isProvenBy(USER.key(PasswordAlgorithm.MD5, "old")));
    assertFalse(sent.message().has(PasswordAlgorithm.class));
    assertFalse(sent.message().has(UserHash.class));
  }

  @Test
  void anRfc5389ClientIsServedWithMd5AndSha1() {
    IntegrityKey key = USER.key(PasswordAlgorithm.MD5, "example.org");
    StunMessage old =
        binding()
            .with(
                new Username("user"),
                new Realm("example.org"),
                new Nonce("obMatJos2gAAA" + nonces.issue(CLIENT)));
    ServerVerdict verdict =
        server(false, USER).check(decode(StunCodec.encode(old, Protection.sha1(key))), CLIENT);
    assertEquals(
        Protection.sha1(key),
        assertInstanceOf(ServerVerdict.Accepted.class, verdict).responseProtection());
  }

  @Test
  void aStrippedListEndsTheAttempt() {
    ClientRequest first = request();
    StunMessage stripped =
        first.message().errorResponse(401, new Realm("example.org"), new Nonce("obMatJos2gAAAx"));
    assertEquals(
        new LongTermClient.GiveUp(
            "the server's list of password algorithms was stripped on the way"),
        client.react(first, stripped));
  }

  @Test
  void aWeakerLaterChallengeIsNotFollowed() {
    answerChallenge(server(false, USER));
    ClientRequest second = request();
    StunMessage weaker =
        second.message().errorResponse(438, new Realm("example.org"), new Nonce("plain"));
    assertEquals(
        new LongTermClient.GiveUp(
            "the server, or somebody on the way, fell back to weaker algorithms"),
        client.react(second, weaker));
  }

  @Test
  void aListWithoutKnownAlgorithmsEndsTheAttempt() {
    ClientRequest first = request();
    StunMessage foreign =
        first
            .message()
            .errorResponse(
                401,
                new Realm("r"),
                new Nonce("obMatJos2gAAAx"),
                new PasswordAlgorithms(
                    List.of(PasswordAlgorithm.of(9), new PasswordAlgorithm(2, Bytes.of(1)))));
    assertEquals(
        new LongTermClient.GiveUp("the server offers no password algorithm known here"),
        client.react(first, foreign));
  }

  @Test
  void takesTheFirstSupportedAlgorithmOfTheList() {
    ClientRequest first = request();
    PasswordAlgorithms list =
        new PasswordAlgorithms(List.of(PasswordAlgorithm.of(9), MD5, SHA_256));
    client.react(
        first,
        first.message().errorResponse(401, new Realm("r"), new Nonce("obMatJos2gAAAx"), list));
    StunPacket second = decode(request().wire());
    assertEquals(Optional.of(MD5), second.message().first(PasswordAlgorithm.class));
    assertEquals(Optional.of(list), second.message().first(PasswordAlgorithms.class));
    assertEquals(Optional.of(IntegrityAlgorithm.SHA256), second.integrity());
    assertTrue(second.isProvenBy(USER.key(PasswordAlgorithm.MD5, "r")));
  }

  @Test
  void givesUpOnAServerThatOnlyEverChallenges() {
    ClientRequest asked = request();
    for (int i = 0; i < LongTermClient.MAX_CHALLENGES; i++) {
      StunMessage challenge =
          asked.message().errorResponse(438, new Realm("r"), new Nonce("n" + i));
      assertInstanceOf(LongTermClient.Retry.class, client.react(asked, challenge));
      asked = request();
    }
    StunMessage last = asked.message().errorResponse(438, new Realm("r"), new Nonce("n"));
    assertInstanceOf(LongTermClient.GiveUp.class, client.react(asked, last));
  }

  @Test
  void aChallengeWithoutRealmOrNonceOrWithAForbiddenRealmEndsTheAttempt() {
    for (Attribute[] attributes :
        new Attribute[][] {
          {}, {new Realm("r")}, {new Nonce("n")}, {new Realm("a\u0007"), new Nonce("n")}
        }) {
      ClientRequest first = request();
      assertInstanceOf(
          LongTermClient.GiveUp.class,
          client.react(first, first.message().errorResponse(401, attributes)));
    }
  }

  @Test
  void answersThatProveNothingDoNotCount() {
    answerChallenge(server(false, USER));
    ClientRequest request = request();
    StunMessage success = request.message().successResponse(new Software("x"));
    IntegrityKey right = USER.key(PasswordAlgorithm.SHA_256, "example.org");
    IntegrityKey wrong = USER.key(PasswordAlgorithm.MD5, "example.org");
    assertJudged(request, ResponseCheck.Verdict.UNPROVEN, success, Protection.none());
    assertJudged(request, ResponseCheck.Verdict.UNPROVEN, success, Protection.sha256(wrong));
    assertJudged(request, ResponseCheck.Verdict.UNPROVEN, success, Protection.sha1(right));
    assertJudged(
        request, ResponseCheck.Verdict.UNPROVEN, success, Protection.sha256(right).truncatedTo(16));
    assertJudged(request, ResponseCheck.Verdict.ACCEPT, success, Protection.sha256(right));
    StunMessage badRequest = request.message().errorResponse(400);
    assertJudged(request, ResponseCheck.Verdict.DISCARD, badRequest, Protection.none());
    assertJudged(request, ResponseCheck.Verdict.ACCEPT, badRequest, Protection.sha256(right));
    StunMessage stale = request.message().errorResponse(438, new Nonce("n"));
    assertJudged(request, ResponseCheck.Verdict.UNPROVEN, stale, Protection.sha256(wrong));
    StunMessage redirect = request.message().errorResponse(300);
    assertJudged(request, ResponseCheck.Verdict.UNPROVEN, redirect, Protection.none());
    StunMessage stripped = success.with(new Nonce("obMatJos2gAAAx"));
    assertJudged(request, ResponseCheck.Verdict.DISCARD, stripped, Protection.sha256(right));
    assertJudged(request, ResponseCheck.Verdict.DISCARD, stripped, Protection.none());
  }

  @Test
  void theServerRefusesHalfAnAnswer() {
    LongTermServer server = server(false, USER);
    IntegrityKey key = USER.key(PasswordAlgorithm.MD5, "example.org");
    Nonce nonce = new Nonce("obMatJos2gAAA" + nonces.issue(CLIENT));
    Username name = new Username("user");
    Realm realm = new Realm("example.org");
    PasswordAlgorithms other = new PasswordAlgorithms(List.of(MD5));
    PasswordAlgorithms ours = new PasswordAlgorithms(List.of(SHA_256, MD5));
    Attribute[][] halves = {
      {name, realm},
      {name, nonce},
      {realm, nonce},
      {name, realm, nonce, MD5},
      {name, realm, nonce, ours},
      {name, realm, nonce, other, MD5},
      {name, realm, nonce, ours, PasswordAlgorithm.of(9)},
    };
    for (Attribute[] half : halves) {
      Bytes wire = StunCodec.encode(binding().with(half), Protection.sha1(key));
      StunMessage refusal = assertRefused(server.check(decode(wire), CLIENT));
      assertEquals(List.of(ErrorCode.of(400)), refusal.attributes());
    }
  }

  @Test
  void anyKeyOfAUserWillDo() {
    LongTermCredential older = new LongTermCredential("user", "older");
    List<LongTermCredential> both = List.of(USER, older);
    LongTermServer.Users users =
        new LongTermServer.Users() {
          @Override
          public Optional<IntegrityKey> key(String username, int algorithm) {
            return keys(username, algorithm).stream().findFirst();
          }

          @Override
          public List<IntegrityKey> keys(String username, int algorithm) {
            return both.stream().map(user -> user.key(algorithm, "example.org")).toList();
          }

          @Override
          public Optional<String> username(UserHash hash) {
            return Optional.empty();
          }
        };
    LongTermServer server =
        new LongTermServer("example.org", List.of(SHA_256, MD5), false, users, nonces);
    for (LongTermCredential credential : both) {
      LongTermClient fresh = new LongTermClient(credential);
      ClientRequest first = fresh.request(FLOW, binding());
      fresh.react(first, refused(server, first));
      ServerVerdict.Accepted accepted = accepted(server, fresh.request(FLOW, binding()));
      assertEquals(credential.key(PasswordAlgorithm.SHA_256, "example.org"), accepted.key());
    }
    LongTermClient stranger = new LongTermClient(new LongTermCredential("user", "oldest"));
    ClientRequest first = stranger.request(FLOW, binding());
    stranger.react(first, refused(server, first));
    StunMessage refusal = refused(server, stranger.request(FLOW, binding()));
    assertEquals(401, refusal.error().orElseThrow().code());
  }

  @Test
  void indicationsAreDropped() {
    StunMessage indication = StunMessage.indication(Method.SEND, id());
    assertEquals(new ServerVerdict.Dropped(), server(false, USER).check(plain(indication), CLIENT));
  }

  private void answerChallenge(LongTermServer server) {
    ClientRequest first = request();
    assertInstanceOf(LongTermClient.Retry.class, client.react(first, refused(server, first)));
  }

  private static void assertJudged(
      ClientRequest request,
      ResponseCheck.Verdict expected,
      StunMessage response,
      Protection protection) {
    StunPacket packet = decode(StunCodec.encode(response, protection));
    assertEquals(expected, request.check().judge(packet, FLOW), packet.toString());
  }

  private static StunMessage refused(LongTermServer server, ClientRequest request) {
    return assertRefused(server.check(decode(request.wire()), CLIENT));
  }

  private static ServerVerdict.Accepted accepted(LongTermServer server, ClientRequest request) {
    return assertInstanceOf(
        ServerVerdict.Accepted.class, server.check(decode(request.wire()), CLIENT));
  }

  private static StunMessage assertRefused(ServerVerdict verdict) {
    return assertInstanceOf(ServerVerdict.Refused.class, verdict).response();
  }

  private ClientRequest request() {
    return client.request(FLOW, binding());
  }

  private StunMessage binding() {
    return StunMessage.request(Method.BINDING, id());
  }

  private TransactionId id() {
    return TransactionId.random(random);
  }

  private static StunPacket plain(StunMessage message) {
    return decode(StunCodec.encode(message));
  }

  private static StunPacket decode(Bytes wire) {
    return StunCodec.decode(wire).packet().orElseThrow();
  }

  private static TransportAddress address(String ip, int port) {
    return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), port);
  }
}
