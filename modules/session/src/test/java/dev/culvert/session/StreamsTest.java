package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** TCP connections that take no more for a while. */
class StreamsTest {
  private final Desk desk = new Desk();
  private final Streams streams = new Streams(desk);
  private final Flow flow =
      new Flow(
          -1,
          Transport.TCP,
          new TransportAddress(InetAddress.getLoopbackAddress(), 1),
          new TransportAddress(InetAddress.getLoopbackAddress(), 2));

  private boolean leaves(Bytes message) {
    streams.send(flow, message);
    Optional<Output> output = desk.pollOutput();
    assertTrue(output.isEmpty() || output.get() instanceof Output.Send);
    return output.isPresent();
  }

  @Test
  void aFullOneTakesChecksAlone() {
    Bytes check =
        StunCodec.encode(
            StunMessage.indication(Method.BINDING, TransactionId.random(new Random(1))));
    streams.accepted(flow, new MonotonicTime(0));
    assertTrue(leaves(Bytes.of(0x40)));
    streams.room(flow.id(), false);
    assertFalse(streams.hasRoom(flow.id()));
    assertFalse(leaves(Bytes.of(0x40)));
    assertTrue(leaves(check));
    streams.room(flow.id(), true);
    assertTrue(leaves(Bytes.of(0x40)));
  }

  @Test
  void nothingIsKeptOfOneThatIsGone() {
    streams.accepted(flow, new MonotonicTime(0));
    streams.room(flow.id(), false);
    streams.forget(flow.id());
    streams.room(flow.id(), false);
    assertTrue(streams.hasRoom(flow.id()));
    assertEquals(Optional.empty(), desk.pollOutput());
  }
}
