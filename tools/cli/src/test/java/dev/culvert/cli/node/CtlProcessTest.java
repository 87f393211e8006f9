package dev.culvert.cli.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Culvert;
import dev.culvert.cli.Run;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.LongTermCredential;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.turn.client.TurnClient;
import dev.culvert.turn.client.TurnClientConfig;
import dev.culvert.turn.client.TurnClientEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code culvert node ctl} and a node that runs as a process of its own. */
class CtlProcessTest {
  private static final InetAddress LOOPBACK = IpLiterals.parse("127.0.0.1").orElseThrow();

  @TempDir Path files;

  private static String find(String text, String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertTrue(matcher.find(), () -> "no " + pattern + " in " + text);
    return matcher.group(1);
  }

  private static TurnClientEvent await(
      BlockingQueue<TurnClientEvent> events, Class<? extends TurnClientEvent> kind)
      throws InterruptedException {
    TurnClientEvent event = events.poll(30, TimeUnit.SECONDS);
    while (event != null && !kind.isInstance(event)) {
      event = events.poll(30, TimeUnit.SECONDS);
    }
    assertTrue(event != null, "no " + kind);
    return event;
  }

  @Test
  void listsAndDropsWhatClientsHave() throws Exception {
    Path token = files.resolve("token");
    Path config =
        Files.writeString(
            files.resolve("node.yaml"),
            """
            listen: ["127.0.0.1:0"]
            relay: true
            user: ["alice:secret", "bob:other"]
            management: 127.0.0.1:0
            management-token-file: token
            """);
    Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
    Process node =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Culvert.class.getName(),
                "node",
                "--config",
                config.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out =
            new BufferedReader(new InputStreamReader(node.getInputStream(), UTF_8));
        NetworkRuntime runtime = NetworkRuntime.create()) {
      String ready = String.valueOf(out.readLine());
      int port = Integer.parseInt(find(ready, "udp=127\\.0\\.0\\.1:(\\d+)"));
      Ctl ctl = new Ctl(find(ready, " management=(\\S+)"), config);

      Run nobody = ctl.run("list");
      assertEquals("no allocations\n", nobody.out(), nobody.err());
      BlockingQueue<TurnClientEvent> alice = new LinkedBlockingQueue<>();
      BlockingQueue<TurnClientEvent> bob = new LinkedBlockingQueue<>();
      TurnClient first = client(port, Transport.UDP, "alice", "secret");
      TurnClient second = client(port, Transport.TCP, "bob", "other");
      try (MachineDriver<TurnClientEvent> one = runtime.drive(first, alice::add);
          MachineDriver<TurnClientEvent> two = runtime.drive(second, bob::add)) {
        await(alice, TurnClientEvent.Allocated.class);
        await(bob, TurnClientEvent.Allocated.class);

        Run list = ctl.run("list");
        assertEquals(0, list.exitCode(), list.err());
        assertEquals(3, list.out().lines().count(), list.out());
        assertTrue(
            list.out().contains("alice") && list.out().contains("tcp 127.0.0.1:"), list.out());
        Run hidden = ctl.run("list", "--redact");
        assertFalse(
            hidden.out().contains("alice") || hidden.out().contains("127.0.0.1"), hidden.out());
        assertTrue(hidden.out().contains("user1") && hidden.out().contains("user2"), hidden.out());
        assertEquals(2, ctl.run("list", "--limit", "1").out().lines().count());

        String json = ctl.run("list", "-o", "json").out();
        assertTrue(json.startsWith("{\"schema\":\"culvert.node.allocations/1\""), json);
        String id = find(json, "\"id\":(\\d+),\"user\":\"alice\"");
        Run dropped = ctl.run("drop", id);
        assertEquals("1 allocation dropped\n", dropped.out(), dropped.err());
        // It learns that when it next asks for anything.
        one.execute(now -> first.permit(new TransportAddress(LOOPBACK, 9), now));
        TurnClientEvent.Lost lost = (TurnClientEvent.Lost) await(alice, TurnClientEvent.Lost.class);
        assertEquals(437, lost.code());
        ctl.refuses(2, "there is no allocation " + id, "drop", id);
        assertEquals(0, ctl.run("drop", "--user", "bob").exitCode());
        ctl.refuses(2, "user bob has no allocation", "drop", "--user", "bob");
        two.execute(second::close);
      }
      Run status = ctl.run("status");
      assertEquals(0, status.exitCode(), status.out() + status.err());
      assertTrue(
          status.out().startsWith("ok\n") && status.out().contains("allocations"), status.out());
      assertTrue(ctl.run("status", "-o", "json").out().contains("\"healthy\":true"));

      ctl.refuses(2, "which allocations", "drop");
      ctl.refuses(2, "no token file", "list", "--token-file", files.resolve("nothing").toString());
      Path wrong = Files.writeString(files.resolve("wrong"), "A".repeat(43) + "\n");
      ctl.refuses(7, "does not know the token", "list", "--token-file", wrong.toString());
      Files.writeString(wrong, "no token at all\n");
      ctl.refuses(2, "holds no token", "list", "--token-file", wrong.toString());
      assertTrue(Files.exists(token));
      node.toHandle().destroy();
      assertTrue(node.waitFor(60, TimeUnit.SECONDS));
      ctl.refuses(4, "nothing listens on", "status");
    } finally {
      node.destroyForcibly();
    }
  }

  private static TurnClient client(int port, Transport transport, String user, String password) {
    return new TurnClient(
        TurnClientConfig.of(
            new TransportAddress(LOOPBACK, port),
            transport,
            new LongTermCredential(user, password)),
        new Random(3));
  }

  @Test
  void strangersAreToldFromNodes() throws Exception {
    try (ServerSocket stranger = new ServerSocket(0, 1, LOOPBACK)) {
      Thread answers =
          new Thread(
              () -> {
                try (Socket socket = stranger.accept()) {
                  socket.getOutputStream().write("220 mail.example ESMTP\r\n".getBytes(UTF_8));
                } catch (IOException e) {
                  // The test is over.
                }
              });
      answers.start();
      Run run =
          Run.of("node", "ctl", "status", "--management", "127.0.0.1:" + stranger.getLocalPort());
      assertEquals(5, run.exitCode(), run.err());
      assertTrue(run.err().contains("does not answer as a node's management address"), run.err());
      answers.join(20_000);
    }
  }

  /** Asks as the node's operator does, who has its file. */
  private record Ctl(String address, Path config) {
    Run run(String command, String... more) {
      List<String> line =
          new ArrayList<>(List.of("node", "--config", config.toString(), "ctl", command));
      line.addAll(List.of(more));
      return Run.in(Map.of("CULVERT_NODE_MANAGEMENT", address), false, line.toArray(String[]::new));
    }

    void refuses(int exitCode, String said, String command, String... more) {
      Run run = run(command, more);
      assertEquals(exitCode, run.exitCode(), run.err());
      assertTrue(run.err().contains(said), run.err());
      assertEquals(1, run.err().strip().lines().count(), run.err());
    }
  }
}
