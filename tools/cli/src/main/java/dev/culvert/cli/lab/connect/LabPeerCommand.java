package dev.culvert.cli.lab.connect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.ice.IcePolicy;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.peer.PeerNode;
import dev.culvert.peer.PeerNodeConfig;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.SessionConfig;
import dev.culvert.session.meet.MeetConfig;
import dev.culvert.transport.NetworkRuntime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code culvert lab peer}: connects as it is told until its standard input ends. */
@Command(
    name = "peer",
    hidden = true,
    header = "Is found through nodes, and connects: reads 'call ID', 'close ID', 'use ADDRESS'.")
public final class LabPeerCommand implements Callable<Integer> {
  private static final long REPORT_MILLIS = 100;

  private final Console console;

  @Option(names = "--address", required = true, description = "Where it is.")
  private String address = "";

  @Option(names = "--seed", required = true, description = "Of its key, for a lab alone.")
  private String seed = "";

  @Option(names = "--node", description = "URL~ID of a node that it knows.")
  private List<String> nodes = new ArrayList<>();

  @Option(names = "--policy", description = "direct-only, prefer-direct or relay-only.")
  private String policy = "prefer-direct";

  /**
   * The command.
   *
   * @param console where it tells how things stand
   */
  LabPeerCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    MeetConfig meet =
        MeetConfig.of(SessionConfig.of(List.of(local(address))), AcceptPolicy.open())
            .withPolicy(IcePolicy.valueOf(policy.toUpperCase(Locale.ROOT).replace('-', '_')));
    PeerNodeConfig config =
        PeerNodeConfig.of(
            PeerKey.ofSeed(Bytes.hex(seed)),
            nodes.stream().map(LabPeerCommand::node).toList(),
            meet);
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    try (NetworkRuntime runtime = NetworkRuntime.create();
        PeerNode node = PeerNode.start(runtime, config)) {
      Switchboard board = new Switchboard(node);
      var unused =
          clock.scheduleWithFixedDelay(
              () -> report(node, board), 0, REPORT_MILLIS, TimeUnit.MILLISECONDS);
      obey(node, board);
      clock.shutdownNow();
      board.close();
    } finally {
      clock.shutdownNow();
    }
    return ExitCode.OK.number();
  }

  private static LocalAddress local(String text) {
    return new LocalAddress(
        "eth0", IpLiterals.parse(text).orElseThrow(() -> Fault.usage(text + " is no address", "")));
  }

  private static KnownNode node(String text) {
    try {
      return KnownNode.parse(text, NodeSource.CONFIGURED);
    } catch (JoinTextException e) {
      throw Fault.usage("--node " + text + ": " + e.getMessage(), "");
    }
  }

  private void obey(PeerNode node, Switchboard board) throws IOException {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (@Nullable String line = in.readLine(); line != null; line = in.readLine()) {
        int space = line.indexOf(' ');
        String word = space < 0 ? line : line.substring(0, space);
        String rest = line.substring(space + 1);
        switch (word) {
          case "call" -> board.call(peer(rest));
          case "close" -> board.close(peer(rest));
          case "use" -> node.execute((meet, now) -> meet.use(List.of(local(rest)), now));
          default -> console.tell("nobody knows what '" + line + "' means");
        }
      }
    }
  }

  private static PeerId peer(String text) {
    return PeerId.read(text).orElseThrow(() -> Fault.usage(text + " is no id of a peer", ""));
  }

  private void report(PeerNode node, Switchboard board) {
    node.execute(
        (meet, now) ->
            console.print(
                json(Map.of("attached", String.valueOf(meet.attachments().attached().size())))));
    for (StreamTalk talk : board.talks()) {
      Map<String, String> fields = new TreeMap<>(talk.fields());
      fields.put("peer", talk.peer().toString());
      console.print(json(fields));
    }
  }

  private static String json(Map<String, String> fields) {
    StringWriter line = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(line)) {
      out.writeStartObject();
      for (Map.Entry<String, String> field : fields.entrySet()) {
        out.writeStringField(field.getKey(), field.getValue());
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toString();
  }
}
