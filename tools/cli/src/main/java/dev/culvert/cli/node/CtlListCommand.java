package dev.culvert.cli.node;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.cli.node.manage.JsonText;
import dev.culvert.cli.node.manage.ManagementClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code culvert node ctl list}. */
@Command(
    name = "list",
    header = "Lists the allocations of a node that relays.",
    description =
        "A line for each: its id, user, client, relayed addresses, age, time left, permissions and"
            + " channels, and what was relayed to peers and to the client.")
final class CtlListCommand implements Callable<Integer> {
  private static final int PAGE = 1000;

  private final Console console;

  @Mixin private CtlTarget target = new CtlTarget();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "So many at most, the oldest first (default: ${DEFAULT-VALUE}).")
  private int limit = 1000;

  @Spec private CommandSpec spec = CommandSpec.create();

  CtlListCommand(Console console) {
    this.console = console;
  }

  /** The same user by the same token, as addresses are. */
  private static List<Map<String, Object>> withoutNames(List<Map<String, Object>> all) {
    Map<String, String> tokens = new HashMap<>();
    List<Map<String, Object>> hidden = new ArrayList<>();
    for (Map<String, Object> each : all) {
      Map<String, Object> copy = new LinkedHashMap<>(each);
      String name = JsonText.text(each, "user");
      copy.put("user", tokens.computeIfAbsent(name, n -> "user" + (tokens.size() + 1)));
      hidden.add(copy);
    }
    return hidden;
  }

  @Override
  public Integer call() {
    int most = limit;
    if (most < 1) {
      throw Fault.usage("--limit " + most + " lists nothing", "give 1 or more");
    }
    ManagementClient client = target.client(spec, console);
    List<Map<String, Object>> all = new ArrayList<>();
    long after = 0;
    boolean more = true;
    while (more && all.size() < most) {
      Map<String, Object> page = client.allocations(after, Math.min(PAGE, most - all.size()));
      all.addAll(JsonText.objects(page, "allocations"));
      after = JsonText.number(page, "next");
      more = after != 0;
    }
    console.show(new AllocationsView(console.redacts() ? withoutNames(all) : all));
    if (more) {
      console.say("there may be more; --limit lists them");
    }
    return ExitCode.OK.number();
  }
}
