package dev.culvert.cli.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Culvert;
import dev.culvert.identity.CertifiedKey;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.turn.ChannelData;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A node as a process that is sent signals while it relays. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no such signals")
class NodeSignalTest {
  private static final InetAddress LOOPBACK = IpLiterals.parse("127.0.0.1").orElseThrow();
  private static final RequestedTransport UDP = new RequestedTransport(RequestedTransport.UDP);

  /**
   * Who starts the tests in the background may have them, and so a node, ignore signals for ever;
   * this takes them back, where there is such a thing.
   */
  private static final List<String> UNDISTURBED = undisturbed();

  @TempDir Path folder;

  /** A running node, and what it says. */
  private static final class Node implements AutoCloseable {
    private final Process process;
    private final BufferedReader err;
    private final int udp;
    private final TransportAddress tls;

    Node(NodeFiles files, String drain) throws IOException {
      List<String> command = new ArrayList<>(UNDISTURBED);
      command.addAll(
          List.of(
              ProcessHandle.current().info().command().orElseThrow(),
              "-cp",
              System.getProperty("java.class.path"),
              Culvert.class.getName(),
              "node"));
      command.addAll(List.of("--listen", "127.0.0.1:0", "--tls-listen", "127.0.0.1:0"));
      command.addAll(List.of("--threads", "1", "--relay", "--allow-peer", "127.0.0.0/8"));
      command.addAll(List.of("--users-file", files.users.toString(), "--drain", drain));
      command.addAll(List.of("--cert", files.certificate.toString()));
      command.addAll(List.of("--key", files.key.toString()));
      process = new ProcessBuilder(command).start();
      err = new BufferedReader(new InputStreamReader(process.getErrorStream(), UTF_8));
      BufferedReader out =
          new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
      String ready = String.valueOf(out.readLine());
      udp = port(ready, "udp");
      tls = new TransportAddress(LOOPBACK, port(ready, "tls"));
    }

    private static int port(String ready, String transport) {
      Matcher matcher = Pattern.compile(transport + "=127\\.0\\.0\\.1:(\\d+)").matcher(ready);
      assertTrue(matcher.find(), ready);
      return Integer.parseInt(matcher.group(1));
    }

    void signal(String name) throws Exception {
      int code = new ProcessBuilder("kill", "-" + name, process.pid() + "").start().waitFor();
      assertEquals(0, code);
    }

    /** The next line on standard error that says this. */
    String says(String part) throws IOException {
      List<String> read = new ArrayList<>();
      CompletableFuture<Void> patience =
          CompletableFuture.runAsync(
              process::destroyForcibly, CompletableFuture.delayedExecutor(90, TimeUnit.SECONDS));
      for (String line = err.readLine(); line != null; line = err.readLine()) {
        read.add(line);
        if (line.contains(part)) {
          patience.cancel(false);
          return line;
        }
      }
      throw new AssertionError("no " + part + " in " + read);
    }

    int exitCode() throws InterruptedException {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it does not end");
      return process.exitValue();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  private static List<String> undisturbed() {
    List<String> words = List.of("env", "--default-signal=HUP,INT,TERM");
    List<String> trial = new ArrayList<>(words);
    trial.add("true");
    try {
      return new ProcessBuilder(trial).start().waitFor() == 0 ? words : List.of();
    } catch (IOException | InterruptedException e) {
      return List.of();
    }
  }

  private NodeFiles files() throws IOException {
    NodeFiles files = new NodeFiles(folder);
    files.write(NodeFiles.newKey());
    NodeFiles.replace(files.users, "alice:one\nbob:two\n");
    return files;
  }

  private static void assertSuccess(StunMessage answer) {
    assertEquals(MessageClass.SUCCESS_RESPONSE, answer.messageClass(), answer.toString());
  }

  private static void assertCode(int code, StunMessage answer) {
    assertEquals(code, answer.error().map(error -> error.code()).orElse(0));
  }

  private static void bind(RelayProcessClient client, DatagramSocket peer) throws IOException {
    assertSuccess(client.ask(Method.ALLOCATE, UDP));
    assertSuccess(
        client.ask(
            Method.CHANNEL_BIND,
            new ChannelNumber(0x4000),
            new XorPeerAddress(new TransportAddress(LOOPBACK, peer.getLocalPort()))));
  }

  /** There and back through the relay. */
  private static void exchange(RelayProcessClient client, DatagramSocket peer, String text)
      throws IOException {
    peer.setSoTimeout(60_000);
    client.send(new ChannelData(0x4000, Bytes.utf8(text)).encode());
    DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
    peer.receive(packet);
    assertEquals(text, new String(packet.getData(), 0, packet.getLength(), UTF_8));
    peer.send(packet);
    assertEquals(text, ChannelData.decode(client.receive()).orElseThrow().data().utf8());
  }

  private static DatagramSocket socket() throws IOException {
    return new DatagramSocket(new InetSocketAddress(LOOPBACK, 0));
  }

  private static String get(Node node, String path) throws Exception {
    try (SSLSocket socket = NodeFiles.trustingAll(node.tls)) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  @Test
  void readsItsFilesAgainOnSighupAndOnItsOwnWhileItRelays() throws Exception {
    NodeFiles files = files();
    try (Node node = new Node(files, "0");
        DatagramSocket peer = socket();
        RelayProcessClient alice = new RelayProcessClient(node.udp, "alice", "one");
        RelayProcessClient bob = new RelayProcessClient(node.udp, "bob", "two");
        RelayProcessClient carol = new RelayProcessClient(node.udp, "carol", "three")) {
      bind(alice, peer);
      assertSuccess(bob.ask(Method.ALLOCATE, UDP));
      assertTrue(get(node, "/health").endsWith("\r\n\r\nok\n"));
      CertifiedKey next = NodeFiles.newKey();
      files.write(next);
      node.says("read again: the certificate in ");
      assertEquals(next.pin().toString(), NodeFiles.shownAt(node.tls));
      exchange(alice, peer, "after the certificate");
      assertSuccess(alice.ask(Method.REFRESH, new Lifetime(600)));

      NodeFiles.replace(files.users, "alice:one\ncarol:three\n");
      node.signal("HUP");
      node.says("read again: who may relay: 2 users, 0 shared secrets");
      exchange(alice, peer, "after the users");
      assertSuccess(alice.ask(Method.REFRESH, new Lifetime(600)));
      assertCode(401, bob.ask(Method.REFRESH, new Lifetime(600)));
      assertSuccess(carol.ask(Method.ALLOCATE, UDP));
      node.signal("TERM");
      assertEquals(0, node.exitCode());
    }
  }

  @Test
  void drainsAndEndsAtOnceAtASecondSignal() throws Exception {
    try (Node node = new Node(files(), "600");
        DatagramSocket peer = socket();
        RelayProcessClient alice = new RelayProcessClient(node.udp, "alice", "one");
        RelayProcessClient bob = new RelayProcessClient(node.udp, "bob", "two")) {
      bind(alice, peer);
      node.signal("TERM");
      node.says("draining: 1 allocations, ");
      exchange(alice, peer, "still here");
      assertSuccess(alice.ask(Method.REFRESH, new Lifetime(600)));
      assertCode(508, firstRefusal(bob));
      String health = get(node, "/health");
      assertTrue(health.startsWith("HTTP/1.1 503 "), health);
      node.signal("TERM");
      node.says("ended at once: ");
      assertEquals(0, node.exitCode());
    }
  }

  /** A node says that it drains before its event loops know. */
  private static StunMessage firstRefusal(RelayProcessClient client) throws IOException {
    StunMessage answer = client.ask(Method.ALLOCATE, UDP);
    for (int i = 0; i < 1000 && answer.error().isEmpty(); i++) {
      assertSuccess(client.ask(Method.REFRESH, new Lifetime(0)));
      answer = client.ask(Method.ALLOCATE, UDP);
    }
    return answer;
  }

  @Test
  void endsWithItsLastAllocation() throws Exception {
    try (Node node = new Node(files(), "600");
        DatagramSocket peer = socket();
        RelayProcessClient alice = new RelayProcessClient(node.udp, "alice", "one")) {
      bind(alice, peer);
      node.signal("INT");
      node.says("draining: ");
      assertSuccess(alice.ask(Method.REFRESH, new Lifetime(0)));
      node.says("ended");
      assertEquals(0, node.exitCode());
    }
  }

  @Test
  void endsAtTheDeadlineWhateverIsLeft() throws Exception {
    try (Node node = new Node(files(), "1");
        DatagramSocket peer = socket();
        RelayProcessClient alice = new RelayProcessClient(node.udp, "alice", "one")) {
      bind(alice, peer);
      node.signal("TERM");
      node.says("ended at the deadline with 1 allocations");
      assertEquals(0, node.exitCode());
    }
  }
}
