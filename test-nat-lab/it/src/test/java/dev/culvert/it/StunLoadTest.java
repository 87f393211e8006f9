package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.BindingReply;
import dev.culvert.stun.BindingResponder;
import dev.culvert.stun.BindingService;
import dev.culvert.transport.server.ServerCount;
import dev.culvert.transport.server.StunListener;
import dev.culvert.transport.server.StunServer;
import dev.culvert.transport.server.StunServerConfig;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server under the load of tools/bench answers every request, and rightly; that the generator
 * would notice otherwise is shown here too.
 */
class StunLoadTest {
  private static final TransportAddress LOOPBACK =
      new TransportAddress(IpLiterals.ofBytes(Bytes.of(127, 0, 0, 1)), 0);

  @TempDir static Path folder;
  private static Path generator;

  @BeforeAll
  static void compile() throws Exception {
    generator = StunLoad.build(folder);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyReplyToTwentyThousandClientsIsRight(boolean nioOnly) throws Exception {
    StunServerConfig config = StunServerConfig.of(List.of(StunListener.plain(LOOPBACK)));
    try (StunServer server = StunServer.start(nioOnly ? config.withNioOnly() : config)) {
      int port = server.addresses(Transport.UDP).get(0).port();
      StunLoad load =
          StunLoad.run(generator, port, "--clients", "20000", "--seconds", "1", "--patience", "20");
      assertEquals(0, load.exitCode(), load.toString());
      assertEquals(0, load.bad() + load.lost() + load.late(), load.toString());
      assertEquals(load.sent(), load.answered(), load.toString());
      assertTrue(load.answered() >= 64, load.toString());
      assertEquals(load.answered(), server.count(ServerCount.UDP_ANSWERED));
    }
  }

  /** One byte of each response is wrong: what the generator must not take for a reply. */
  @ParameterizedTest
  @CsvSource({
    "1, the message type",
    "3, the length",
    "4, the magic cookie",
    "19, the transaction id",
    "23, the length of the first attribute",
    "25, the family of the mapped address",
    "26, the mapped port",
    "31, the mapped address"
  })
  void aWrongReplyIsNoticed(int wrong, String what) throws Exception {
    try (LyingResponder server = new LyingResponder(wrong)) {
      StunLoad load =
          StunLoad.run(generator, server.port(), "--seconds", "0.05", "--patience", "3");
      assertEquals(1, load.exitCode(), what + ": " + load);
      assertEquals(0, load.answered(), what + ": " + load);
      assertNotEquals(0, load.bad(), what + ": " + load);
    }
  }

  @Test
  void anEchoOfTheRequestIsNoAnswerToIt() throws Exception {
    try (LyingResponder server = new LyingResponder(LyingResponder.ECHO)) {
      String[] shortly = {"--seconds", "0.05", "--patience", "0.5"};
      assertEquals(1, StunLoad.run(generator, server.port(), shortly).exitCode());
      StunLoad echo =
          StunLoad.run(
              generator, server.port(), "--mode", "echo", "--seconds", "0.05", "--patience", "20");
      assertEquals(0, echo.exitCode(), echo.toString());
      assertTrue(echo.answered() >= 64, echo.toString());
    }
  }

  /** Answers rightly, save for the lowest bit of one byte. */
  private static final class LyingResponder implements AutoCloseable {
    /** Sends requests back instead. */
    static final int ECHO = -1;

    private final DatagramSocket socket;
    private final int wrong;

    LyingResponder(int wrong) throws SocketException {
      this.wrong = wrong;
      socket = new DatagramSocket(LOOPBACK.toSocketAddress());
      Thread answering = new Thread(this::answer, "lying-responder");
      answering.setDaemon(true);
      answering.start();
    }

    int port() {
      return socket.getLocalPort();
    }

    private void answer() {
      BindingResponder responder =
          new BindingResponder(BindingService.single(LOOPBACK.withPort(port())));
      BindingReply reply = new BindingReply();
      DatagramPacket packet = new DatagramPacket(new byte[512], 512);
      try {
        while (true) {
          packet.setLength(512);
          socket.receive(packet);
          if (wrong != ECHO) {
            ByteBuffer request = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
            ByteBuffer response = ByteBuffer.allocate(512);
            responder.respond(request, packet.getAddress(), packet.getPort(), response, reply);
            response.put(wrong, (byte) (response.get(wrong) ^ 1));
            response.flip().get(packet.getData(), 0, response.limit());
            packet.setLength(response.limit());
          }
          socket.send(packet);
        }
      } catch (IOException e) {
        // Closed: nobody asks any more.
      }
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
