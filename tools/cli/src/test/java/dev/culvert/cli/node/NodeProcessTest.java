package dev.culvert.cli.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Culvert;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The node as a process of its own: what scripts see, and how it ends. */
class NodeProcessTest {
  private static final InetAddress LOOPBACK = IpLiterals.parse("127.0.0.1").orElseThrow();

  private static Process node(String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Culvert.class.getName(),
                "node",
                "--listen",
                "127.0.0.1:0"));
    command.addAll(List.of(options));
    return new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.appendTo(new File("target/node-process.err")))
        .start();
  }

  private static BufferedReader lines(Process node) {
    return new BufferedReader(new InputStreamReader(node.getInputStream(), UTF_8));
  }

  private static int port(String ready, String transport) {
    Matcher matcher = Pattern.compile(transport + "\\W+127\\.0\\.0\\.1:(\\d+)").matcher(ready);
    assertTrue(matcher.find(), ready);
    return Integer.parseInt(matcher.group(1));
  }

  private static void assertAnswers(int port) throws IOException {
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(LOOPBACK, 0))) {
      socket.setSoTimeout(60_000);
      TransactionId id = TransactionId.random(new Random(8));
      Bytes request = StunCodec.encode(StunMessage.request(Method.BINDING, id));
      socket.send(new DatagramPacket(request.toByteArray(), request.length(), LOOPBACK, port));
      DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
      socket.receive(answer);
      Bytes wire = Bytes.copyOf(answer.getData()).slice(0, answer.getLength());
      StunMessage response = StunCodec.decode(wire).packet().orElseThrow().message();
      assertEquals(id, response.transactionId());
      assertEquals(
          socket.getLocalPort(),
          response.first(XorMappedAddress.class).orElseThrow().address().port());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "json"})
  void tellsWhereItAnswersAndEndsWellOnASignal(String format) throws Exception {
    Process node = node("-o", format);
    try (BufferedReader out = lines(node)) {
      String ready = String.valueOf(out.readLine());
      assertTrue(
          ready.startsWith(format.equals("text") ? "ready stun udp=" : "{\"schema\""), ready);
      int port = port(ready, "udp");
      assertEquals(port, port(ready, "tcp"));
      assertAnswers(port);
      // SIGTERM, where there are signals.
      node.toHandle().destroy();
      int exitCode = node.waitFor();
      if (node.supportsNormalTermination()) {
        assertEquals(0, exitCode);
      }
      assertEquals(null, out.readLine());
    } finally {
      node.destroyForcibly();
    }
  }

  @Test
  void showsThePinOfASelfMadeCertificate() throws Exception {
    Process node = node("--tls-listen", "127.0.0.1:0", "--dtls-listen", "127.0.0.1:0", "--redact");
    try (BufferedReader out = lines(node)) {
      String ready = String.valueOf(out.readLine());
      assertTrue(
          ready.matches(".* tls=ipv4-\\S+:\\d+ dtls=ipv4-\\S+:\\d+ pin=sha256//\\S{44}"), ready);
      node.toHandle().destroy();
      node.waitFor();
    } finally {
      node.destroyForcibly();
    }
  }
}
