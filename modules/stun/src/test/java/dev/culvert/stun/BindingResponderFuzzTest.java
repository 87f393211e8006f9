package dev.culvert.stun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

class BindingResponderFuzzTest {
  private static final InetAddress CLIENT = IpLiterals.parse("203.0.113.9").orElseThrow();
  private static final InetAddress CLIENT6 = IpLiterals.parse("2001:db8::9").orElseThrow();
  private static final BindingResponder SINGLE =
      new BindingResponder(BindingService.single(address("192.0.2.1", 3478)));
  private static final BindingResponder TWO =
      new BindingResponder(
          BindingService.alternating(address("2001:db8::1", 3478), address("2001:db8::2", 3479))
              .withSoftware("Culvert"));

  /** Never throws, never answers too much, and answers what its own codec reads. */
  @FuzzTest(maxDuration = "25s")
  void answers(byte[] data) {
    check(SINGLE, CLIENT, 28, data);
    check(TWO, CLIENT6, 48, data);
  }

  private static void check(
      BindingResponder responder, InetAddress client, int headers, byte[] data) {
    ByteBuffer request = ByteBuffer.wrap(data);
    ByteBuffer out = ByteBuffer.allocate(4096);
    BindingResponder.Outcome outcome =
        responder.respond(request, client, 4000, out, new BindingReply());
    assertEquals(data.length, request.remaining());
    DecodeResult asCodec = StunCodec.decode(Bytes.copyOf(data));
    if (!outcome.isSent()) {
      assertEquals(0, out.position());
      return;
    }
    int length = out.position();
    assertTrue(2 * (length + headers) <= 5 * (data.length + headers), "too long an answer");
    if (asCodec instanceof DecodeResult.NotStun) {
      // A client of RFC 3489; its answer carries its own 16 bytes.
      assertEquals(Bytes.copyOf(data).slice(4, 20), Bytes.copyOf(out.flip()).slice(4, 20));
      return;
    }
    DecodeResult answer = StunCodec.decode(Bytes.copyOf(out.flip()));
    StunMessage message = assertInstanceOf(DecodeResult.Decoded.class, answer).decoded().message();
    assertEquals(
        Optional.of(TransactionId.of(Bytes.copyOf(data).slice(8, 20))),
        Optional.of(message.transactionId()));
  }

  private static TransportAddress address(String ip, int port) {
    return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), port);
  }
}
