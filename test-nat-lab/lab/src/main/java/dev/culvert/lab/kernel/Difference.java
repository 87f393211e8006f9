package dev.culvert.lab.kernel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What to tell {@code ip} so that a namespace that is as one plan says becomes as another does. */
final class Difference {
  private Difference() {}

  static boolean same(Node before, Node after) {
    return before.ip4.equals(after.ip4) && before.ip6.equals(after.ip6);
  }

  /** Undoes what {@code after} has no more, the last first; parts of it may be undone already. */
  static List<String> gone(Node before, Node after) {
    List<String> commands = new ArrayList<>(gone(before.ip4, after.ip4));
    commands.addAll(gone(before.ip6, after.ip6));
    return commands;
  }

  private static List<String> gone(List<String> before, List<String> after) {
    Set<String> kept = new HashSet<>(after);
    List<String> commands = new ArrayList<>();
    for (String line : before) {
      if (kept.contains(line)) {
        continue;
      }
      if (line.startsWith("addr add ") || line.startsWith("route add ")) {
        commands.add(line.replaceFirst(" add ", " del ").replaceFirst(" nodad$", ""));
      } else if (line.startsWith("neigh replace ")) {
        commands.add(line.replaceFirst(" replace ", " del ").replaceFirst(" nud permanent$", ""));
      }
    }
    Collections.reverse(commands);
    return commands;
  }

  /** Does all of a plan again, for what was undone may have taken others with it. */
  static List<String> made(List<String> plan) {
    return plan.stream()
        .filter(line -> !line.startsWith("link add "))
        .map(line -> line.replaceFirst("^(addr|route) add ", "$1 replace "))
        .toList();
  }
}
