package dev.culvert.lab.scenario;

import dev.culvert.lab.spec.Filtering;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.lab.spec.Mapping;
import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.PortAllocation;
import dev.culvert.lab.spec.Prefix;
import dev.culvert.lab.spec.RouterSpec;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Lines about NATs, firewalls and plain routers. */
final class RouterStatements {
  private static final List<String> MAPPINGS =
      Arrays.stream(Mapping.values())
          .filter(mapping -> mapping != Mapping.NONE)
          .map(Mapping::code)
          .toList();
  private static final List<String> FILTERINGS =
      Arrays.stream(Filtering.values())
          .filter(filtering -> filtering != Filtering.NONE)
          .map(Filtering::code)
          .toList();

  private RouterStatements() {}

  /** {@code nat NAME MAPPING/FILTERING[/PORTS] [OPTION…]}. */
  static void nat(Word keyword, Cursor line, Draft draft) {
    Word name = declared("the name of a NAT", line, draft);
    Word words = line.next("a behaviour like eim/adf/random");
    checkBehaviour(words);
    router(name, words.text(), line, draft, RouterOptions.ofNats());
  }

  /** {@code firewall NAME FILTERING [OPTION…]}. */
  static void firewall(Word keyword, Cursor line, Draft draft) {
    Word name = declared("the name of a firewall", line, draft);
    Word filtering = line.oneOf(FILTERINGS);
    router(name, "none/" + filtering.text(), line, draft, RouterOptions.ofRouters());
  }

  /** {@code router NAME [OPTION…]}. */
  static void router(Word keyword, Cursor line, Draft draft) {
    Word name = declared("the name of a router", line, draft);
    router(name, "none/open", line, draft, RouterOptions.ofRouters());
  }

  private static Word declared(String what, Cursor line, Draft draft) {
    Word name = line.name(what);
    draft.declare(name, Draft.Kind.ROUTER);
    return name;
  }

  private static void router(
      Word name, String base, Cursor line, Draft draft, RouterOptions options) {
    String uplink = LabSpec.INTERNET;
    Optional<InetAddress> outside = Optional.empty();
    Optional<Prefix> inside = Optional.empty();
    String text = base;
    NatBehaviour behaviour = options.behaviour(text);
    List<String> known = new ArrayList<>(List.of("behind", "at", "inside"));
    known.addAll(options.words());
    Set<String> seen = new HashSet<>();
    while (line.hasMore()) {
      Word option = line.oneOf(known);
      if (!seen.add(option.text())) {
        throw LineFault.saying(option.column(), "'" + option.text() + "' stands here twice");
      }
      if (option.text().equals("behind")) {
        Word router = line.name(Draft.Kind.ROUTER.words);
        draft.behind(name, router);
        uplink = router.text();
      } else if (option.text().equals("at")) {
        outside = Optional.of(Values.address(line.next("an address like 203.0.113.7")));
      } else if (option.text().equals("inside")) {
        inside = Optional.of(Values.prefix(line, "192.168.1.0/24"));
      } else {
        text += options.read(option, line);
        try {
          behaviour = options.behaviour(text);
        } catch (IllegalArgumentException e) {
          throw LineFault.saying(option.column(), String.valueOf(e.getMessage()));
        }
      }
    }
    draft.router(new RouterSpec(name.text(), uplink, behaviour, outside, inside, LinkSpec.PERFECT));
  }

  /** Points at the part that is wrong. */
  private static void checkBehaviour(Word words) {
    int slash = words.text().indexOf('/');
    if (words.quoted() || slash < 0) {
      throw LineFault.expecting(words, List.of("a behaviour like eim/adf/random"));
    }
    int second = words.text().indexOf('/', slash + 1);
    int end = words.text().length();
    oneOf(words.part(0, slash), MAPPINGS);
    oneOf(words.part(slash + 1, second < 0 ? end : second), FILTERINGS);
    if (second >= 0) {
      Word ports = words.part(second + 1, end);
      if (!ports.text().matches("sequential:[0-9]{1,4}")) {
        oneOf(ports, portRules());
      }
    }
  }

  private static List<String> portRules() {
    List<String> rules = new ArrayList<>();
    for (PortAllocation.Kind kind : PortAllocation.Kind.values()) {
      rules.add(kind.code());
    }
    rules.add("sequential:STEP");
    return rules;
  }

  private static void oneOf(Word part, List<String> known) {
    if (!known.contains(part.text())) {
      throw LineFault.expecting(part, known);
    }
  }
}
