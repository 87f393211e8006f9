package dev.culvert.cli.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Console;
import dev.culvert.cli.Culvert;
import dev.culvert.cli.Run;
import dev.culvert.cli.Streams;
import dev.culvert.cli.connect.stream.Inbox;
import dev.culvert.cli.connect.stream.Target;
import dev.culvert.cli.ice.LocalOptions;
import dev.culvert.cli.lab.verb.JsonFields;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.Invite;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.node.NodeConfig;
import dev.culvert.rendezvous.node.RendezvousNode;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.session.LocalAddress;
import dev.culvert.transport.Listen;
import dev.culvert.transport.Listening;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.transport.http.WebSocketTerms;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Peers of this host that meet at a node of this process, over QUIC on the loopback. */
class ConnectTest {
  private static final InetAddress HERE = InetAddress.getLoopbackAddress();
  private static final int PATIENCE_SECONDS = 60;

  @TempDir Path folder;
  private final NetworkRuntime runtime = NetworkRuntime.builder().threads(1).build();
  private final List<Listener> listeners = new ArrayList<>();
  private String node = "";

  @BeforeEach
  void start() throws Exception {
    PeerKey key = PeerKey.generate(new Random(1));
    RendezvousNode machine =
        new RendezvousNode(
            NodeConfig.standard(),
            key,
            Bytes.wrap(new byte[32]),
            new Random(2),
            InstantSource.system());
    Listening listening =
        runtime
            .drive(machine, event -> {})
            .listen(
                Listen.webSocketInClear(
                    new TransportAddress(HERE, 0), WebSocketTerms.of(Set.of("/"), "rdv.v1.json")))
            .join();
    node = "ws://127.0.0.1:" + listening.local().port() + "/~" + key.id();
    for (String each : List.of("alice", "bob", "carol")) {
      assertEquals(0, as(each, "id", "new").exitCode());
    }
    Files.createDirectory(folder.resolve("inbox"));
  }

  @AfterEach
  void stop() throws Exception {
    for (Listener each : listeners) {
      each.run.stop();
      each.thread.join();
    }
    runtime.close();
  }

  private Map<String, String> environment(String name) {
    return Map.of("CULVERT_KEY", folder.resolve(name + ".key").toString());
  }

  private Run as(String name, String... args) {
    return Run.in(environment(name), false, args);
  }

  private PeerId id(String name) throws Exception {
    return PeerId.parse(
        Optional.ofNullable(JsonFields.read(as(name, "-o", "json", "id", "show").out()).get("id"))
            .orElseThrow());
  }

  /** {@code culvert listen} of Alice. */
  private final class Listener {
    final CompletableFuture<String> invite = new CompletableFuture<>();
    final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    final StringWriter said =
        new StringWriter() {
          @Override
          public void flush() {
            lines.add(toString());
          }
        };
    final InviteMode invites;
    final ListenRun run;
    final Thread thread;

    Listener(AcceptPolicy accepts, InviteMode invites, Target... forwards) throws IOException {
      this(
          CommandLine.populateCommand(new JoinOptions(), "--node", node, "--address", "127.0.0.1"),
          accepts,
          invites,
          forwards);
    }

    Listener(JoinOptions join, AcceptPolicy accepts, InviteMode invites, Target... forwards)
        throws IOException {
      this.invites = invites;
      StringWriter out =
          new StringWriter() {
            @Override
            public void flush() {
              look(toString());
            }
          };
      Console console =
          new Console(
              new Streams(
                  new PrintWriter(out),
                  new PrintWriter(said),
                  false,
                  false,
                  true,
                  environment("alice")));
      run = new ListenRun(console, join, accepts, invites);
      Path inbox = folder.resolve("inbox");
      Optional<Inbox> its = forwards.length == 0 ? Optional.of(Inbox.at(inbox)) : Optional.empty();
      thread =
          new Thread(
              () -> {
                try {
                  run.run(Set.of(forwards), its, its.map(any -> inbox));
                } catch (RuntimeException e) {
                  invite.completeExceptionally(e);
                }
              },
              "listener");
      thread.start();
      listeners.add(this);
    }

    private void look(String text) {
      text.lines()
          .filter(each -> each.startsWith("id ") && invites == InviteMode.NONE)
          .forEach(each -> invite.complete(""));
      text.lines()
          .filter(each -> each.startsWith("invite "))
          .forEach(each -> invite.complete(each.substring(7).strip()));
    }

    /** Waits until it has said this. */
    void awaitSaid(String words) throws Exception {
      String all = "";
      while (!all.contains(words)) {
        all =
            Optional.ofNullable(lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .orElseThrow(() -> new AssertionError(words + " is not in " + said));
      }
    }

    /** The invite, once it listens. */
    String invite() throws Exception {
      return invite.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  private Listener inviting(InviteMode mode, Target... forwards) throws IOException {
    return new Listener(AcceptPolicy.nobody(), mode, forwards);
  }

  @Test
  void aFileIsSentAndItsNodesAreKept() throws Exception {
    byte[] content = new byte[3 << 20];
    new Random(3).nextBytes(content);
    Path file = Files.write(folder.resolve("a file.bin"), content);
    String invite = inviting(InviteMode.ONCE).invite();
    Path trace = folder.resolve("trace");
    Run run =
        as(
            "bob",
            "-o",
            "json",
            "connect",
            invite,
            "--address=127.0.0.1",
            "--require=direct",
            "--trace=" + trace,
            "--send=" + file);
    assertEquals(0, run.exitCode(), run.err());
    Map<String, String> fields = JsonFields.read(run.out());
    assertEquals("culvert.connect/1", fields.get("schema"));
    assertEquals("direct", fields.get("path.way"), run.out());
    assertEquals(id("alice").toString(), fields.get("peer"));
    assertArrayEquals(content, Files.readAllBytes(folder.resolve("inbox/a file.bin")));
    assertTrue(Files.readString(folder.resolve("bob.nodes")).contains("ws://127.0.0.1:"));
    String traced = Files.readString(trace);
    assertTrue(traced.contains("culvert.ice-trace/1"), traced);
    for (String kind : List.of("bound", "candidate", "gathered", "path")) {
      assertTrue(traced.contains("\"kind\":\"" + kind + "\""), kind + " is not in " + traced);
    }
  }

  @Test
  void anInviteForOneIsForTheFirst() throws Exception {
    Listener listener = inviting(InviteMode.ONCE);
    String invite = listener.invite();
    String[] ping = {"ping", invite, "--address=127.0.0.1", "-c", "20", "-i", "50ms"};
    Run bob = as("bob", ping);
    assertEquals(0, bob.exitCode(), bob.err());
    assertTrue(
        Pattern.compile("reply \\d+  \\d+\\.\\d ms  direct: 127\\.0\\.0\\.1:\\d+ to 127")
            .matcher(bob.out())
            .find(),
        bob.out());
    assertTrue(bob.out().contains(" of 20 came back"), bob.out());
    List<String> late = new ArrayList<>(List.of(ping));
    late.addAll(List.of("--wait", "5s"));
    Run carol = as("carol", late.toArray(String[]::new));
    // Where this machine is busy she does not even reach the node in time.
    assertTrue(carol.exitCode() == 8 || carol.exitCode() == 4, carol.err());
    assertEquals("", carol.out());
    assertFalse(listener.said.toString().contains(id("carol").toString().substring(0, 12)));
  }

  @Test
  void contactsMayCallByName() throws Exception {
    new Listener(AcceptPolicy.contacts(Set.of(id("bob"))), InviteMode.NONE).invite();
    Path contacts =
        Files.writeString(folder.resolve("contacts"), id("alice") + "\tAlice\t" + node + "\n");
    Run run =
        as(
            "bob",
            "-o",
            "json",
            "ping",
            "Alice",
            "--contacts=" + contacts,
            "--address=127.0.0.1",
            "--until-direct");
    assertEquals(0, run.exitCode(), run.err());
    Map<String, String> fields = JsonFields.read(run.out());
    assertEquals("culvert.ping/1", fields.get("schema"));
    assertEquals("direct", fields.get("path.way"), run.out());
    assertEquals("0", fields.get("pathChanges"), run.out());
  }

  @Test
  void whatBecomesOfTheContactsMeanwhileKeepsNobodyFromBeingServed() throws Exception {
    Path contacts = Files.writeString(folder.resolve("contacts"), id("bob") + "\tBob\n");
    JoinOptions join =
        CommandLine.populateCommand(
            new JoinOptions(), "--node=" + node, "--address=127.0.0.1", "--contacts=" + contacts);
    Listener listener =
        new Listener(join, AcceptPolicy.contacts(Set.of(id("bob"))), InviteMode.NONE);
    listener.invite();
    Files.writeString(contacts, "half of a li");
    Run run =
        as(
            "bob",
            "ping",
            id("alice").toString(),
            "--until-direct",
            "--node",
            node,
            "--address=127.0.0.1");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(listener.said.toString().contains("Bob is connected"), listener.said::toString);
  }

  @Test
  void whatPathsCarryIsMeasured() throws Exception {
    String invite = inviting(InviteMode.ONCE).invite();
    Run run =
        as(
            "bob",
            "perf",
            invite,
            "--address=127.0.0.1",
            "--policy=direct-only",
            "--time=200ms",
            "--datagrams=5");
    assertEquals(0, run.exitCode(), run.err());
    assertTrue(
        Pattern.compile("direct  up \\d+\\.\\d Mbit/s  down \\d+\\.\\d Mbit/s")
            .matcher(run.out())
            .find(),
        run.out());
    assertTrue(run.out().contains("datagrams up to 1"), run.out());
  }

  @Test
  void whatIsNotWantedIsRefusedWithItsReason() throws Exception {
    Path file = Files.writeString(folder.resolve("a"), "a");
    String invite = inviting(InviteMode.ONCE, new Target(false, "127.0.0.1", 9)).invite();
    Run run = as("bob", "connect", invite, "--address=127.0.0.1", "--send=" + file);
    assertEquals(5, run.exitCode(), run.err());
    assertTrue(run.err().contains("the other side says: no files are taken here"), run.err());
  }

  @Test
  void whoIsNotThereIsNotFound() throws Exception {
    Run run = as("bob", "ping", id("carol").toString(), "--node", node, "--address=127.0.0.1");
    assertEquals(4, run.exitCode(), run.err());
    assertTrue(run.err().contains("see that it listens"), run.err());
  }

  @Test
  void whereNoNodeAnswersThatIsTold() throws Exception {
    runtime.close();
    String carol = id("carol").toString();
    Run run = as("bob", "ping", carol, "--node", node, "--address=127.0.0.1", "--wait=2s");
    assertEquals(4, run.exitCode(), run.err());
    assertTrue(run.err().contains("name a node that runs with --node"), run.err());
  }

  @Test
  void portsAreForwardedUntilTheOtherSideEnds() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, HERE)) {
      Target target = new Target(false, "127.0.0.1", server.getLocalPort());
      Listener listener = inviting(InviteMode.ONCE, target);
      String invite = listener.invite();
      CompletableFuture<Integer> port = new CompletableFuture<>();
      CompletableFuture<Integer> end = new CompletableFuture<>();
      StringWriter err =
          new StringWriter() {
            @Override
            public void flush() {
              Matcher matcher = Pattern.compile("forwards \\S+:(\\d+) to ").matcher(toString());
              if (matcher.find()) {
                port.complete(Integer.parseInt(matcher.group(1)));
              }
            }
          };
      Console console =
          new Console(
              new Streams(
                  new PrintWriter(new StringWriter()),
                  new PrintWriter(err),
                  false,
                  false,
                  true,
                  environment("bob")));
      Thread thread =
          new Thread(
              () ->
                  end.complete(
                      Culvert.run(
                          console,
                          "connect",
                          invite,
                          "--address=127.0.0.1",
                          "--forward=0:" + target.text())));
      thread.start();
      CompletableFuture.anyOf(port, end).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertTrue(port.isDone(), err::toString);
      try (Socket client = new Socket(HERE, port.join());
          Socket there = accept(server)) {
        client.setSoTimeout(PATIENCE_SECONDS * 1000);
        client.getOutputStream().write("hello".getBytes(UTF_8));
        client.shutdownOutput();
        assertEquals("hello", new String(there.getInputStream().readAllBytes(), UTF_8));
        there.getOutputStream().write("bye".getBytes(UTF_8));
        there.shutdownOutput();
        assertEquals("bye", new String(client.getInputStream().readAllBytes(), UTF_8));
      }
      listener.run.stop();
      assertEquals(0, end.get(PATIENCE_SECONDS, TimeUnit.SECONDS), err::toString);
      thread.join();
    }
  }

  @Test
  void whoListensFollowsTheNetworkOfThisHost() throws Exception {
    List<List<LocalAddress>> host = new CopyOnWriteArrayList<>(List.of(own("127.0.0.1")));
    JoinOptions join =
        CommandLine.populateCommand(
            new JoinOptions(new LocalOptions(() -> host.get(0))),
            "--node=" + node,
            "--address=127.0.0.0/8");
    Target target = new Target(false, "127.0.0.1", 9);
    Listener listener = new Listener(join, AcceptPolicy.nobody(), InviteMode.ONCE, target);
    String invite = listener.invite();
    CompletableFuture<Run> bob =
        CompletableFuture.supplyAsync(
            () ->
                as("bob", "connect", invite, "--address=127.0.0.1", "--forward=0:" + target.text()),
            command -> new Thread(command, "bob").start());
    listener.awaitSaid("direct: 127.0.0.1:");
    host.set(0, own("127.0.0.3"));
    listener.awaitSaid("direct: 127.0.0.3:");
    listener.run.stop();
    Run run = bob.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertEquals(0, run.exitCode(), run.err());
  }

  private static List<LocalAddress> own(String ip) throws IOException {
    return List.of(new LocalAddress("lo", InetAddress.getByName(ip)));
  }

  private static Socket accept(ServerSocket server) throws IOException {
    server.setSoTimeout(PATIENCE_SECONDS * 1000);
    return server.accept();
  }

  private Process process(String name, String... args) throws IOException {
    List<String> line =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Culvert.class.getName()));
    line.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().putAll(environment(name));
    builder.redirectError(folder.resolve(name + ".err").toFile());
    builder.redirectOutput(folder.resolve(name + ".out").toFile());
    builder.redirectInput(folder.resolve(name + ".in").toFile());
    return builder.start();
  }

  @Test
  void twoProcessesAreOnePipe() throws Exception {
    byte[] data = new byte[1 << 20];
    new Random(4).nextBytes(data);
    Files.write(folder.resolve("bob.in"), data);
    Files.writeString(folder.resolve("alice.in"), "from Alice");
    Process alice = process("alice", "listen", "--node", node, "--address=127.0.0.1");
    try {
      String invite = invite(alice, folder.resolve("alice.err").toFile());
      Process bob = process("bob", "-q", "connect", invite, "--address=127.0.0.1");
      try {
        assertTrue(bob.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "Bob goes on");
        String said = Files.readString(folder.resolve("bob.err"));
        assertEquals(0, bob.exitValue(), said);
        assertTrue(alice.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), "Alice goes on");
        assertEquals(0, alice.exitValue(), Files.readString(folder.resolve("alice.err")));
      } finally {
        bob.destroyForcibly();
      }
    } finally {
      alice.destroyForcibly();
    }
    assertArrayEquals(data, Files.readAllBytes(folder.resolve("alice.out")));
    assertEquals("from Alice", Files.readString(folder.resolve("bob.out")));
  }

  /** What it prints on standard error, since standard output is the pipe's. */
  private static String invite(Process process, File said) throws Exception {
    while (process.isAlive()) {
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(Files.newInputStream(said.toPath()), UTF_8))) {
        Optional<String> line =
            lines.lines().filter(each -> each.startsWith("invite ")).findFirst();
        if (line.isPresent() && Invite.parse(line.get().substring(7).strip()).nodes().size() > 0) {
          return line.get().substring(7).strip();
        }
      }
      process.waitFor(50, TimeUnit.MILLISECONDS);
    }
    throw new AssertionError(Files.readString(said.toPath()));
  }
}
