package dev.culvert.cli.lab.meet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Console;
import dev.culvert.cli.DurationConverter;
import dev.culvert.cli.Fault;
import dev.culvert.cli.lab.side.LineTalk;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.session.LocalAddress;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code culvert lab meet}: meets another peer until its standard input ends. */
@Command(
    name = "meet",
    hidden = true,
    header = "Is found through nodes, and calls; speaks JSON lines.")
public final class LabMeetCommand implements Callable<Integer> {
  private final Console console;

  @Option(names = "--address", required = true, description = "Where it is.")
  private String address = "";

  @Option(names = "--seed", required = true, description = "Of its key, for a lab alone.")
  private String seed = "";

  @Option(names = "--node", description = "URL~ID of a node that it knows.")
  private List<String> nodes = new ArrayList<>();

  @Option(names = "--call", description = "Whom it calls.")
  private Optional<String> callee = Optional.empty();

  @Option(
      names = "--again",
      converter = DurationConverter.class,
      description = "How long a call lasts before the next one.")
  private Optional<Duration> again = Optional.empty();

  LabMeetCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    LocalAddress local =
        new LocalAddress(
            "eth0",
            IpLiterals.parse(address)
                .orElseThrow(() -> Fault.usage("--address " + address + " is no address", "")));
    MeetMachine machine =
        new MeetMachine(
            local,
            PeerKey.ofSeed(Bytes.hex(seed)),
            nodes.stream().map(LabMeetCommand::node).toList(),
            callee.map(text -> PeerId.read(text).orElseThrow()),
            again,
            new SecureRandom(),
            InstantSource.system());
    return new LineTalk<MeetSideEvent>(machine, LabMeetCommand::words)
        .run(console, (line, now) -> {}, machine::close);
  }

  private static KnownNode node(String text) {
    try {
      return KnownNode.parse(text, NodeSource.CONFIGURED);
    } catch (JoinTextException e) {
      throw Fault.usage("--node " + text + ": " + e.getMessage(), "");
    }
  }

  private static Optional<String> words(MeetSideEvent event) {
    return event instanceof MeetSideEvent.Standing standing
        ? Optional.of(json(standing.fields()))
        : Optional.empty();
  }

  private static String json(Map<String, String> fields) {
    StringWriter line = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(line)) {
      out.writeStartObject();
      for (Map.Entry<String, String> field : new TreeMap<>(fields).entrySet()) {
        out.writeStringField(field.getKey(), field.getValue());
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return line.toString();
  }
}
