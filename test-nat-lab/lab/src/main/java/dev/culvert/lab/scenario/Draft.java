package dev.culvert.lab.scenario;

import dev.culvert.lab.spec.AddressPlan;
import dev.culvert.lab.spec.HostSpec;
import dev.culvert.lab.spec.Impairment;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LabSpecBuilder;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.spec.RouterSpec;
import dev.culvert.lab.world.WorldKind;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** A scenario while it is read: what was declared, and what must still turn out to exist. */
final class Draft {
  /** What a name may stand for. */
  enum Kind {
    HOST("the name of a host"),
    ROUTER("the name of a router"),
    ANY("the name of a host or router");

    final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  private record Reference(int line, Word word, Kind kind) {}

  private final LabSpecBuilder builder = LabSpec.builder();
  private final Map<String, Kind> names = new HashMap<>();
  private final Map<String, Integer> declared = new HashMap<>();
  private final Map<String, LinkSpec> links = new LinkedHashMap<>();
  private final List<Reference> references = new ArrayList<>();
  private final Map<String, Word> uplinks = new TreeMap<>();
  private final List<Step> steps = new ArrayList<>();
  private Optional<String> title = Optional.empty();
  private Optional<Scenario.Restriction> restriction = Optional.empty();
  private Optional<Long> seed = Optional.empty();
  private AddressPlan plan = AddressPlan.usual();
  private boolean hasServers;
  private int line;

  /** Says which line comes next. */
  void at(int newLine) {
    line = newLine;
  }

  int line() {
    return line;
  }

  boolean hasSteps() {
    return !steps.isEmpty();
  }

  void title(Word statement, String text) {
    once(statement, title.isPresent());
    title = Optional.of(text);
  }

  void only(Word statement, WorldKind world, String reason) {
    once(statement, restriction.isPresent());
    restriction = Optional.of(new Scenario.Restriction(world, reason));
  }

  void seed(Word statement, long value) {
    once(statement, seed.isPresent());
    seed = Optional.of(value);
  }

  private static void once(Word statement, boolean again) {
    if (again) {
      throw LineFault.saying(
          statement.column(), "there is a line '" + statement.text() + "' above");
    }
  }

  AddressPlan plan() {
    return plan;
  }

  void plan(AddressPlan value) {
    plan = value;
  }

  /** Declares a name; even if the rest of its line is wrong, others may refer to it. */
  void declare(Word name, Kind kind) {
    if (declared.containsKey(name.text())) {
      throw LineFault.saying(
          name.column(),
          "'" + name.text() + "' stands on line " + declared.get(name.text()) + " already");
    }
    declared.put(name.text(), line);
    names.put(name.text(), kind);
  }

  /** Demands that {@code word} names something of that kind, be it further below. */
  Word refer(Word word, Kind kind) {
    references.add(new Reference(line, word, kind));
    return word;
  }

  /** Demands that {@code name} stands behind {@code router}. */
  void behind(Word name, Word router) {
    refer(router, Kind.ROUTER);
    uplinks.put(name.text(), router);
  }

  void server(Word name, int perFamily, List<InetAddress> addresses) {
    hasServers = true;
    if (addresses.isEmpty()) {
      builder.server(name.text(), perFamily);
    } else {
      builder.server(name.text(), addresses);
    }
  }

  void host(HostSpec host) {
    builder.host(host);
  }

  void router(RouterSpec router) {
    builder.router(router);
  }

  /** A host with routers of its own. */
  void home(Word name, Word text) {
    try {
      builder.home(name.text(), Profile.parse(text.text()));
    } catch (IllegalArgumentException e) {
      throw LineFault.saying(text.column(), String.valueOf(e.getMessage()));
    }
    for (String made : builder.names()) {
      if (!names.containsKey(made)) {
        names.put(made, Kind.ROUTER);
        declared.put(made, line);
      }
    }
  }

  /** A host in the home of one above. */
  void beside(Word name, Word neighbour) {
    try {
      builder.home(name.text(), "same:" + neighbour.text());
    } catch (IllegalArgumentException e) {
      throw LineFault.expecting(neighbour, List.of("the name of a host on a line above"));
    }
  }

  void link(Word name, LinkSpec link) {
    refer(name, Kind.ANY);
    if (links.put(name.text(), link) != null) {
      throw LineFault.saying(
          name.column(), "the line of '" + name.text() + "' was described above");
    }
  }

  void step(String text, Action action) {
    steps.add(new Step(line, text, action));
  }

  /** What is wrong with the whole, now that all lines are known. */
  List<ScenarioFault.Problem> problems(String file) {
    if (!hasServers) {
      names.putIfAbsent("s1", Kind.HOST);
      names.putIfAbsent("s2", Kind.HOST);
    }
    List<ScenarioFault.Problem> problems = new ArrayList<>();
    for (Reference reference : references) {
      Kind kind = names.get(reference.word().text());
      if (kind == null || (reference.kind() != Kind.ANY && reference.kind() != kind)) {
        problems.add(unknown(reference).in(file, reference.line()));
      }
    }
    for (Map.Entry<String, Word> uplink : uplinks.entrySet()) {
      String name = uplink.getKey();
      if (problems.isEmpty() && isBehindItself(name)) {
        LineFault ring =
            LineFault.saying(uplink.getValue().column(), "'" + name + "' stands behind itself");
        problems.add(ring.in(file, declared.getOrDefault(name, 1)));
      }
    }
    return problems;
  }

  private LineFault unknown(Reference reference) {
    List<String> expected = new ArrayList<>(List.of(reference.kind().words));
    new TreeSet<>(names.keySet())
        .stream()
            .filter(name -> reference.kind() == Kind.ANY || names.get(name) == reference.kind())
            .limit(12)
            .forEach(expected::add);
    return LineFault.unknownName(reference.word(), expected);
  }

  /** The line that declares what such a message begins with; the first if it begins otherwise. */
  int lineAbout(String message) {
    return declared.getOrDefault(message.split(" ", 2)[0], 1);
  }

  private boolean isBehindItself(String name) {
    Word router = uplinks.get(name);
    for (int passed = 0; router != null && passed <= uplinks.size(); passed++) {
      if (router.text().equals(name)) {
        return true;
      }
      router = uplinks.get(router.text());
    }
    return false;
  }

  /**
   * The scenario.
   *
   * @throws IllegalArgumentException if the parts do not fit together
   */
  Scenario build(String file) {
    LabSpec spec = builder.addresses(plan).build();
    List<HostSpec> hosts =
        spec.hosts().stream()
            .map(host -> host.withLink(links.getOrDefault(host.name(), host.link())))
            .toList();
    List<RouterSpec> routers =
        spec.routers().stream()
            .map(router -> router.withLink(links.getOrDefault(router.name(), router.link())))
            .toList();
    LabSpec whole = new LabSpec(plan, routers, hosts, Impairment.AUTOMATIC, seed.orElse(1L));
    return new Scenario(file, title.orElse(file), restriction, whole, steps);
  }
}
