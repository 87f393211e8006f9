package dev.culvert.stun;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.attribute.AlternateDomain;
import dev.culvert.stun.attribute.AlternateServer;
import dev.culvert.stun.attribute.Attribute;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RedirectionsTest {
  private static final TransportAddress FIRST = address("192.0.2.1", 3478);
  private static final TransportAddress SECOND = address("192.0.2.2", 3478);
  private static final TransportAddress SIXTH = address("2001:db8::1", 3478);
  private static final StunMessage REQUEST =
      StunMessage.request(Method.BINDING, new TransactionId(1, 2));

  private final Redirections redirections = new Redirections();
  private final MonotonicTime now = new MonotonicTime(0);

  @Test
  void takesTheFirstServerOfTheSameFamily() {
    redirections.asking(FIRST, now);
    assertEquals(
        Optional.of(new Redirections.Alternate(SECOND, Optional.of("b.example"))),
        follow(
            300,
            new AlternateServer(SIXTH),
            new AlternateServer(SECOND),
            new AlternateDomain("b.example")));
    assertEquals(Optional.empty(), follow(300, new AlternateServer(SIXTH)));
    assertEquals(Optional.empty(), follow(300));
    assertEquals(Optional.empty(), follow(401, new AlternateServer(SECOND)));
  }

  @Test
  void isNotSentInCircles() {
    redirections.asking(FIRST, now);
    redirections.asking(SECOND, now.plus(Duration.ofMinutes(1)));
    StunMessage back = REQUEST.errorResponse(300, new AlternateServer(FIRST));
    MonotonicTime just = now.plus(Duration.ofMinutes(5)).plus(Duration.ofNanos(-1));
    assertEquals(Optional.empty(), redirections.follow(back, SECOND, just));
    assertEquals(
        Optional.of(new Redirections.Alternate(FIRST, Optional.empty())),
        redirections.follow(back, SECOND, now.plus(Duration.ofMinutes(5))));
  }

  @Test
  void endsALongChain() {
    for (int i = 0; i < 16; i++) {
      redirections.asking(FIRST.withPort(1000 + i), now);
    }
    assertEquals(Optional.empty(), follow(300, new AlternateServer(SECOND)));
  }

  @Test
  void anotherCertificateIsExpectedOnlyIfNamesAreVerified() {
    ServerIdentity before = new ServerIdentity.HostName("a.example");
    ServerIdentity pinned = new ServerIdentity.PinnedKey(Bytes.wrap(new byte[32]));
    Redirections.Alternate named = new Redirections.Alternate(SECOND, Optional.of("b.example"));
    assertEquals(new ServerIdentity.HostName("b.example"), named.identity(before));
    assertEquals(pinned, named.identity(pinned));
    assertEquals(before, new Redirections.Alternate(SECOND, Optional.empty()).identity(before));
  }

  private Optional<Redirections.Alternate> follow(int code, Attribute... attributes) {
    return redirections.follow(REQUEST.errorResponse(code, attributes), FIRST, now);
  }

  private static TransportAddress address(String ip, int port) {
    return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), port);
  }
}
