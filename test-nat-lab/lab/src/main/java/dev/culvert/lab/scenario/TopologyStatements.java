package dev.culvert.lab.scenario;

import dev.culvert.lab.spec.AddressPlan;
import dev.culvert.lab.spec.HostSpec;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.lab.spec.Prefix;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.world.WorldKind;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Lines about hosts, their lines and addresses, and the worlds. */
final class TopologyStatements {
  private TopologyStatements() {}

  /** {@code only sim because REASON}. */
  static void only(Word keyword, Cursor line, Draft draft) {
    Word world = line.oneOf(Arrays.stream(WorldKind.values()).map(WorldKind::code).toList());
    line.expect("because");
    String reason = line.text("the reason");
    for (WorldKind kind : WorldKind.values()) {
      if (kind.code().equals(world.text())) {
        draft.only(keyword, kind, reason);
      }
    }
  }

  /** {@code addresses internet|internet6|carrier|homes RANGE…}. */
  static void addresses(Word keyword, Cursor line, Draft draft) {
    Word what = line.oneOf(List.of("internet", "internet6", "carrier", "homes"));
    String example = what.text().equals("internet6") ? "2001:db8::/32" : "203.0.113.0/24";
    List<Prefix> ranges = new ArrayList<>();
    do {
      ranges.add(Values.prefix(line, example));
    } while (what.text().equals("internet") && line.hasMore());
    AddressPlan plan = draft.plan();
    boolean isHomes = what.text().equals("homes");
    int homeLength =
        isHomes && line.take("each")
            ? Values.integer(line, "a prefix length", ranges.get(0).length(), 29)
            : plan.homeLength();
    Prefix range = ranges.get(0);
    draft.plan(
        new AddressPlan(
            what.text().equals("internet") ? ranges : plan.internet(),
            what.text().equals("internet6") ? range : plan.internet6(),
            what.text().equals("carrier") ? range : plan.carrier(),
            isHomes ? range : plan.homes(),
            homeLength));
  }

  /** {@code server NAME [addresses N | at ADDRESS…]}. */
  static void server(Word keyword, Cursor line, Draft draft) {
    Word name = line.name("the name of a server");
    draft.declare(name, Draft.Kind.HOST);
    HostSpec host = place(name, LabSpec.INTERNET, line);
    line.endExpecting(List.of("addresses", "at"));
    draft.server(name, host.perFamily(), host.addresses());
  }

  /** {@code host NAME [behind ROUTER] [addresses N | at ADDRESS…]}. */
  static void host(Word keyword, Cursor line, Draft draft) {
    Word name = line.name("the name of a host");
    draft.declare(name, Draft.Kind.HOST);
    String uplink = uplink(name, line, draft);
    HostSpec host = place(name, uplink, line);
    line.endExpecting(List.of("behind", "addresses", "at"));
    draft.host(host);
  }

  /** {@code home NAME PROFILE} or {@code home NAME beside HOST}. */
  static void home(Word keyword, Cursor line, Draft draft) {
    Word name = line.name("the name of a host");
    draft.declare(name, Draft.Kind.HOST);
    if (line.take("beside")) {
      draft.beside(name, line.name("the name of a host"));
      return;
    }
    Word profile = line.next("a profile", "beside");
    List<String> known = Profile.all().stream().map(Profile::name).collect(Collectors.toList());
    known.add("MAPPING/FILTERING/PORTS");
    if (profile.text().chars().noneMatch(c -> c == '/' || c == '+' || c == '@')
        && !known.contains(profile.text())) {
      throw LineFault.expecting(profile, known);
    }
    draft.home(name, profile);
  }

  /** {@code link NAME perfect} or {@code link NAME [delay 50ms] …}. */
  static void link(Word keyword, Cursor line, Draft draft) {
    Word name = line.name(Draft.Kind.ANY.words);
    LinkSpec link = LinkWords.read(line);
    draft.link(name, link);
  }

  /** Where something stands: {@code behind ROUTER}, or in the Internet if there is no such word. */
  static String uplink(Word name, Cursor line, Draft draft) {
    if (!line.take("behind")) {
      return LabSpec.INTERNET;
    }
    Word router = line.name(Draft.Kind.ROUTER.words);
    draft.behind(name, router);
    return router.text();
  }

  private static HostSpec place(Word name, String uplink, Cursor line) {
    int perFamily = 1;
    List<InetAddress> addresses = new ArrayList<>();
    if (line.take("addresses")) {
      perFamily = Values.integer(line, "a number of addresses", 1, 8);
    } else if (line.take("at")) {
      do {
        addresses.add(Values.address(line.next("an address like 203.0.113.7")));
      } while (line.hasMore());
    }
    return new HostSpec(name.text(), uplink, addresses, perFamily, LinkSpec.PERFECT);
  }
}
