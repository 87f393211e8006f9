package dev.culvert.stun;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.attribute.PasswordAlgorithm;
import dev.culvert.stun.attribute.UserHash;
import java.util.List;
import java.util.Optional;
import java.util.Random;

class AuthenticationFuzzTest {
  private static final TransportAddress HERE =
      new TransportAddress(IpLiterals.parse("192.0.2.1").orElseThrow(), 1000);
  private static final Flow FLOW = new Flow(1, Transport.UDP, HERE, HERE.withPort(2000));
  private static final LongTermCredential USER = new LongTermCredential("user", "secret");
  private static final LongTermServer SERVER =
      new LongTermServer(
          "example.org",
          List.of(PasswordAlgorithm.of(PasswordAlgorithm.SHA_256)),
          true,
          new Anybody(),
          new AnyNonce());
  private static final MonotonicTime NOW = new MonotonicTime(0);

  private static final class Anybody implements LongTermServer.Users {
    @Override
    public Optional<IntegrityKey> key(String username, int algorithm) {
      return Optional.of(IntegrityKey.of(Bytes.utf8("a key that nobody guesses")));
    }

    @Override
    public Optional<String> username(UserHash hash) {
      return Optional.of("user");
    }
  }

  private static final class AnyNonce implements LongTermServer.Nonces {
    @Override
    public String issue(TransportAddress client) {
      return "nonce";
    }

    @Override
    public boolean isValid(String nonce, TransportAddress client) {
      return true;
    }
  }

  /** Whatever a message holds, both sides judge it without throwing, and nobody gets in. */
  @FuzzTest(maxDuration = "25s")
  void judges(byte[] data) {
    Optional<StunPacket> packet = StunCodec.decode(Bytes.copyOf(data)).packet();
    if (packet.isEmpty()) {
      return;
    }
    StunMessage message = packet.get().message();
    assertFalse(SERVER.check(packet.get(), HERE) instanceof ServerVerdict.Accepted);
    assertFalse(
        ShortTermCredential.check(
                packet.get(), name -> Optional.of(IntegrityKey.of(Bytes.utf8("unguessed"))))
            instanceof ServerVerdict.Accepted);
    new Redirections().follow(message, HERE, NOW);
    answerAsClient(packet.get());
  }

  /** Takes the message for the answer to a request, and answers its challenge if it is one. */
  private static void answerAsClient(StunPacket packet) {
    LongTermClient client = new LongTermClient(USER);
    StunMessage asked =
        StunMessage.request(packet.message().method(), packet.message().transactionId());
    for (int round = 0; round < 3; round++) {
      ClientRequest request = client.request(FLOW, asked);
      ClientTransactions transactions = new ClientTransactions(new Random(0), 1);
      transactions.start(request, NOW);
      transactions.receive(FLOW, packet, NOW);
      request.check().judge(packet, FLOW);
      client.react(request, packet.message());
    }
  }
}
