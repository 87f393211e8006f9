package dev.culvert.cli.lab.hold;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Console;
import dev.culvert.cli.lab.relay.RelayAccessOptions;
import dev.culvert.cli.lab.side.LineTalk;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code culvert lab hold}: holds an allocation until its standard input ends. */
@Command(
    name = "hold",
    hidden = true,
    header = "Holds an allocation of a relay; speaks JSON lines.")
public final class LabHoldCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private RelayAccessOptions access = new RelayAccessOptions();

  @Option(names = "--reallocate", description = "Get another allocation after a loss.")
  private boolean reallocates;

  LabHoldCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    HoldMachine machine =
        new HoldMachine(
            HoldMachine.config(access.configs().get(0), reallocates), new SecureRandom());
    return new LineTalk<HoldEvent>(machine, LabHoldCommand::words)
        .run(console, (line, now) -> {}, machine::close);
  }

  private static Optional<String> words(HoldEvent event) {
    return event instanceof HoldEvent.Standing standing
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
