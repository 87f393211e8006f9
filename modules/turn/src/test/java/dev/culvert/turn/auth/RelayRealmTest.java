package dev.culvert.turn.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermServer;
import dev.culvert.stun.Method;
import dev.culvert.stun.ServerVerdict;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.RequestedTransport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayRealmTest {
  private static final int IP_AND_UDP = 28;

  /** The length of the 401 that a relay with this realm sends, on the wire. */
  private static int challenge(RelayRealm realm, Bytes request) {
    StaticUsers users = new StaticUsers(realm, List.of(StaticUser.withPassword("user", "pass")));
    LongTermServer server =
        new LongTermServer(
            realm.name(),
            users.algorithms(),
            users.findsHashes(),
            users,
            new StatelessNonces(
                Bytes.wrap(new byte[16]), () -> Instant.EPOCH, Duration.ofMinutes(10)));
    ServerVerdict verdict =
        server.check(
            StunCodec.decode(request).packet().orElseThrow(),
            new TransportAddress(IpLiterals.parse("192.0.2.1").orElseThrow(), 1000));
    StunMessage response = assertInstanceOf(ServerVerdict.Refused.class, verdict).response();
    return IP_AND_UDP + StunCodec.encode(response).length();
  }

  private static Bytes allocate(Attribute... attributes) {
    TransactionId id = TransactionId.random(new Random(2));
    return StunCodec.encode(StunMessage.request(Method.ALLOCATE, id, attributes));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 64, 95, 96})
  void challengesAreAtMostFourTimesAsLongAsAMinimalAllocate(int length) {
    Bytes request = allocate(new RequestedTransport(RequestedTransport.UDP));
    assertEquals(28, request.length());
    int answer = challenge(new RelayRealm("r".repeat(length)), request);
    assertTrue(answer <= 4 * (IP_AND_UDP + request.length()), () -> length + ": " + answer);
  }

  @Test
  void theBoundIsTight() {
    RelayRealm longest = new RelayRealm("r".repeat(RelayRealm.MAX_LENGTH));
    Bytes request = allocate(new RequestedTransport(RequestedTransport.UDP));
    assertEquals(4 * (IP_AND_UDP + request.length()), challenge(longest, request));
    assertEquals(4 * (IP_AND_UDP + 20), challenge(new RelayRealm("r".repeat(64)), allocate()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\u0000", "e\u0301", "a\"b", "\"a\"", "a\\b"})
  void refusesWhatCannotTravel(String name) {
    assertThrows(IllegalArgumentException.class, () -> new RelayRealm(name));
  }

  @Test
  void countsBytesNotCharacters() {
    assertEquals(48, new RelayRealm("\u00e9".repeat(48)).name().length());
    assertEquals(
        "a realm of more than 96 bytes would let forgers amplify their traffic more than four"
            + " times; this has 98",
        assertThrows(IllegalArgumentException.class, () -> new RelayRealm("\u00e9".repeat(49)))
            .getMessage());
  }
}
