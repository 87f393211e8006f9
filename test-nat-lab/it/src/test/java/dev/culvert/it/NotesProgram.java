package dev.culvert.it;

import com.sun.net.httpserver.HttpServer;
import dev.culvert.cli.lab.verb.JsonFields;
import dev.culvert.identity.Envelope;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.SealingKey;
import dev.culvert.rendezvous.PeerRecord;
import dev.culvert.rendezvous.client.ClientEvent;
import dev.culvert.rendezvous.client.NodeClient;
import dev.culvert.rendezvous.node.NodeConfig;
import dev.culvert.rendezvous.node.NodeEvent;
import dev.culvert.rendezvous.node.RendezvousNode;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.Listen;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.transport.http.WebSocketTerms;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A node, a peer of ours that answers each note, and a web server for the page, all on loopback.
 * Its words are the folder of the documents; it ends with its input.
 */
final class NotesProgram {
  static final String NODE_URL = "ws://127.0.0.1:8443/rdv";
  static final String PAGE_URL = "http://127.0.0.1:8080/web/rendezvous.html";

  private static final String SUBPROTOCOL = "rdv.v1.json";
  private static final TransportAddress NODE =
      new TransportAddress(IpLiterals.parse("127.0.0.1").orElseThrow(), 8443);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Map<String, String> KINDS =
      Map.of(
          "/web/rendezvous.html", "text/html; charset=utf-8",
          "/web/rendezvous.js", "text/javascript; charset=utf-8");

  private NotesProgram() {}

  public static void main(String[] words) throws Exception {
    PeerKey nodeKey = PeerKey.generate(RANDOM);
    RendezvousNode node =
        new RendezvousNode(
            NodeConfig.standard().at(List.of(NODE_URL)),
            nodeKey,
            Bytes.wrap(RANDOM.generateSeed(32)),
            RANDOM,
            InstantSource.system());
    HttpServer web = serve(Path.of(words[0]));
    // Whatever the locale is.
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    try (NetworkRuntime runtime = NetworkRuntime.create();
        MachineDriver<NodeEvent> serving = runtime.drive(node, event -> {})) {
      serving
          .listen(Listen.webSocketInClear(NODE, WebSocketTerms.of(Set.of("/rdv"), SUBPROTOCOL)))
          .get(60, TimeUnit.SECONDS);
      Echo echo = new Echo(nodeKey.id());
      try (MachineDriver<String> peer = runtime.drive(echo, line -> out.println(line))) {
        peer.execute(echo::begin);
        while (System.in.read() >= 0) {
          // Whoever started this ends it by ending its input.
        }
      }
    } finally {
      web.stop(0);
    }
  }

  private static HttpServer serve(Path folder) throws IOException {
    HttpServer web =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080), 0);
    for (Map.Entry<String, String> each : KINDS.entrySet()) {
      web.createContext(
          each.getKey(),
          exchange -> {
            byte[] body = Files.readAllBytes(folder.resolve(each.getKey().substring(1)));
            exchange.getResponseHeaders().add("Content-Type", each.getValue());
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
    }
    web.start();
    return web;
  }

  /** Answers each note with the same in other words. */
  private static final class Echo implements Machine<String> {
    private final PeerId node;
    private final PeerKey key = PeerKey.generate(RANDOM);
    private final SealingKey opens = SealingKey.generate(RANDOM);
    private final Queue<Output> outputs = new ArrayDeque<>();
    private final Queue<String> events = new ArrayDeque<>();
    private final Map<Long, Envelope> toAnswer = new HashMap<>();
    private Optional<NodeClient> client = Optional.empty();

    Echo(PeerId node) {
      this.node = node;
    }

    void begin(MonotonicTime now) {
      outputs.add(
          new Output.OpenWebSocket(1, NODE, "127.0.0.1", "/rdv", SUBPROTOCOL, Optional.empty()));
    }

    @Override
    public void accept(Input input, MonotonicTime now) {
      if (input instanceof Input.Opened opened) {
        client =
            Optional.of(
                new NodeClient(
                    opened.flow(),
                    key,
                    NODE_URL,
                    Optional.of(node),
                    Optional.empty(),
                    RANDOM,
                    InstantSource.system(),
                    now));
      }
      client.ifPresent(its -> its.accept(input));
      settle(now);
    }

    @Override
    public void receive(Flow from, Bytes payload, MonotonicTime now) {
      client.ifPresent(its -> its.receive(payload, now));
      settle(now);
    }

    @Override
    public void advance(MonotonicTime now) {
      client.ifPresent(its -> its.advance(now));
      settle(now);
    }

    private void settle(MonotonicTime now) {
      if (client.isEmpty()) {
        return;
      }
      NodeClient its = client.get();
      for (Optional<ClientEvent> next = its.pollEvent(); next.isPresent(); next = its.pollEvent()) {
        take(its, next.get(), now);
      }
      for (Optional<Output> next = its.pollOutput(); next.isPresent(); next = its.pollOutput()) {
        outputs.add(next.get());
      }
    }

    private void take(NodeClient its, ClientEvent event, MonotonicTime now) {
      if (event instanceof ClientEvent.Welcomed) {
        PeerRecord record =
            new PeerRecord(key.id(), opens.publicKey(), 1, Instant.now().plusSeconds(1800));
        its.ask(id -> new Frame.Register(id, record.sign(key), List.of()), now);
      } else if (event instanceof ClientEvent.Said said) {
        heard(its, said, now);
      } else if (event instanceof ClientEvent.Answered answered) {
        answered.answer().ifPresent(answer -> answered(its, answered.request(), answer, now));
      } else {
        events.add(event.toString());
      }
    }

    private void heard(NodeClient its, ClientEvent.Said said, MonotonicTime now) {
      Optional<Envelope> opened = Envelope.open(said.sealed(), key.id(), opens);
      if (opened.isEmpty()) {
        events.add("unopened");
        return;
      }
      PeerId sender = opened.get().sender();
      events.add("heard " + sender + " " + opened.get().number() + " " + text(opened.get()));
      toAnswer.put(its.ask(id -> new Frame.Lookup(id, sender), now), opened.get());
    }

    private static String text(Envelope envelope) {
      try {
        Map<String, String> fields = JsonFields.read(envelope.payload().utf8());
        return "note".equals(fields.get("t")) ? fields.getOrDefault("text", "") : "no note";
      } catch (IOException e) {
        return "no JSON";
      }
    }

    private void answered(NodeClient its, long request, Frame answer, MonotonicTime now) {
      Envelope asked = toAnswer.remove(request);
      if (answer instanceof Frame.Registered) {
        events.add("ready " + node + " " + key.id());
      } else if (answer instanceof Frame.Found found && asked != null) {
        Optional<PeerRecord> record =
            PeerRecord.read(found.record()).filter(one -> one.peer().equals(asked.sender()));
        Bytes payload =
            Bytes.utf8("{\"v\":1,\"t\":\"note\",\"text\":\"You said: " + text(asked) + "\"}");
        record
            .flatMap(one -> reply(asked, payload, one))
            .ifPresent(
                answering -> {
                  for (Bytes each : told(text(asked), answering)) {
                    its.ask(id -> new Frame.Signal(id, asked.sender(), each), now);
                  }
                });
      } else {
        events.add(answer.toString());
      }
    }

    /** Whoever says so gets the answer altered, or twice. */
    private static List<Bytes> told(String asked, Bytes answer) {
      byte[] altered = answer.toByteArray();
      altered[altered.length - 1] ^= 1;
      return switch (asked) {
        case "alter" -> List.of(Bytes.wrap(altered));
        case "twice" -> List.of(answer, answer);
        default -> List.of(answer);
      };
    }

    private Optional<Bytes> reply(Envelope asked, Bytes payload, PeerRecord record) {
      Envelope envelope =
          new Envelope(
              key.id(), asked.session(), asked.number(), Instant.now().plusSeconds(60), payload);
      return envelope.seal(key, asked.sender(), record.sealingKey(), RANDOM);
    }

    @Override
    public Optional<MonotonicTime> nextDeadline() {
      return client.flatMap(NodeClient::nextDeadline);
    }

    @Override
    public Optional<Output> pollOutput() {
      return Optional.ofNullable(outputs.poll());
    }

    @Override
    public Optional<String> pollEvent() {
      return Optional.ofNullable(events.poll());
    }
  }
}
