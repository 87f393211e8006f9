package dev.culvert.cli.node;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.cli.Style;
import dev.culvert.cli.View;
import dev.culvert.cli.node.manage.ManagementClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code culvert node ctl drop}. */
@Command(
    name = "drop",
    header = "Ends allocations of a node that relays.",
    description =
        "Their clients are told 437 when they next ask for anything about them, and may make new"
            + " ones: to keep a user out, take the credentials away first.")
final class CtlDropCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private CtlTarget target = new CtlTarget();

  @Option(names = "--user", paramLabel = "NAME", description = "All allocations of this user.")
  private @Nullable String user;

  @Parameters(paramLabel = "ID", arity = "0..*", description = "As 'culvert node ctl list' tells.")
  private List<Long> ids = new ArrayList<>();

  @Spec private CommandSpec spec = CommandSpec.create();

  CtlDropCommand(Console console) {
    this.console = console;
  }

  /** How many were ended. */
  private record Dropped(long count) implements View {
    @Override
    public String text(Style style) {
      return count == 1 ? "1 allocation dropped" : count + " allocations dropped";
    }

    @Override
    public void write(JsonGenerator out) throws IOException {
      out.writeStartObject();
      out.writeStringField("schema", "culvert.node.drop/1");
      out.writeNumberField("dropped", count);
      out.writeEndObject();
    }
  }

  @Override
  public Integer call() {
    String name = user;
    List<Long> wanted = List.copyOf(ids);
    if ((name == null) == wanted.isEmpty()) {
      throw Fault.usage(
          "which allocations?", "name their ids, as in drop 257, or their user, as in --user NAME");
    }
    ManagementClient client = target.client(spec, console);
    long count = name == null ? 0 : client.dropUser(name);
    List<Long> missing = new ArrayList<>();
    for (long id : wanted) {
      if (client.drop(id)) {
        count++;
      } else {
        missing.add(id);
      }
    }
    if (!missing.isEmpty() || count == 0) {
      if (count > 0) {
        console.show(new Dropped(count));
      }
      throw Fault.usage(
          name != null
              ? "user " + name + " has no allocation"
              : "there is no allocation "
                  + String.join(", ", missing.stream().map(String::valueOf).toList()),
          "'culvert node ctl list' tells those that there are");
    }
    console.show(new Dropped(count));
    return ExitCode.OK.number();
  }
}
