package dev.culvert.lab.spec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A named way in which a host may be connected: the routers between it and the Internet.
 *
 * @param name what {@code culvert lab up --a NAME} takes
 * @param summary what it stands for, a few words
 * @param routers the one next to the host first; none for a host in the Internet itself
 * @param shared whether the last router is one and the same for all hosts of the lab that ask so
 */
public record Profile(String name, String summary, List<NatBehaviour> routers, boolean shared) {

  private static final NatBehaviour PRC = BehaviourText.parse("eim/apdf/preserving");
  private static final NatBehaviour CARRIER =
      BehaviourText.parse("eim/adf/random").withIpv6(Optional.of(Filtering.NONE));

  private static final List<Profile> ALL =
      List.of(
          one("full", "full cone", "eim/eif/preserving"),
          one("arc", "address-restricted cone", "eim/adf/preserving"),
          one("prc", "port-restricted cone", "eim/apdf/preserving"),
          one("adm", "address-dependent mapping", "adm/apdf/random"),
          one("sym", "symmetric, random ports", "apdm/apdf/random"),
          one("symseq", "symmetric, sequential ports", "apdm/apdf/sequential"),
          one("linux", "Linux masquerade", "apdm/apdf/overloading"),
          one("hairpin", "full cone that hairpins", "eim/eif/preserving+hairpin"),
          one("timeout5", "port-restricted cone that forgets after 5 s", "eim/apdf/preserving")
              .with(PRC.withTimeout(Duration.ofSeconds(5))),
          one("blocked", "UDP blocked, TCP free", "apdm/apdf/overloading+traffic=no-udp"),
          one("firewall", "public addresses behind a stateful firewall", "none/apdf"),
          new Profile("open", "public addresses, nothing in between", List.of(), false),
          new Profile("cgn-home", "home NAT behind a carrier NAT", List.of(PRC, CARRIER), false),
          new Profile(
              "cgn-pair",
              "home NATs behind one carrier NAT that does not hairpin",
              List.of(PRC, CARRIER),
              true),
          new Profile(
              "cgn-hairpin",
              "home NATs behind one carrier NAT that hairpins",
              List.of(PRC, CARRIER.withHairpin(true)),
              true));

  /** Copies the routers. */
  public Profile {
    routers = List.copyOf(routers);
    if (shared && routers.isEmpty()) {
      throw new IllegalArgumentException("there is no router to share");
    }
  }

  /** Every profile that has a name, in the order to show them. */
  public static List<Profile> all() {
    return ALL;
  }

  /** The profile of that name. */
  public static Optional<Profile> named(String name) {
    return ALL.stream().filter(profile -> profile.name.equals(name)).findFirst();
  }

  /**
   * Reads a profile: a name, or {@code MAPPING/FILTERING[/PORTS]}; then any number of {@code
   * +hairpin}, {@code +timeout=30s}, {@code +ports=40000-40999}, {@code +ipv6=none}, {@code
   * +traffic=no-udp}, {@code +answers}, {@code +parity}, {@code +block=64} and what {@link
   * NatOptions} has, such as {@code +refresh=both} or {@code +nat64}, which concern the router
   * nearest to the Internet. {@code X@Y} puts X behind Y.
   *
   * @throws IllegalArgumentException with one line for people
   */
  public static Profile parse(String text) {
    List<NatBehaviour> routers = new ArrayList<>();
    boolean shared = false;
    String[] parts = text.split("@", -1);
    for (String part : parts) {
      int plus = part.indexOf('+');
      String base = plus < 0 ? part : part.substring(0, plus);
      Optional<Profile> known = named(base);
      if (known.isPresent() && plus < 0) {
        routers.addAll(known.get().routers);
      } else if (known.isPresent()) {
        List<NatBehaviour> changed = new ArrayList<>(known.get().routers);
        if (changed.isEmpty()) {
          throw new IllegalArgumentException("'" + base + "' has no router to change");
        }
        int last = changed.size() - 1;
        changed.set(last, BehaviourText.modify(changed.get(last), part.substring(plus)));
        routers.addAll(changed);
      } else if (base.indexOf('/') >= 0) {
        routers.add(BehaviourText.parse(part));
      } else {
        throw new IllegalArgumentException(
            "'"
                + base
                + "' is no profile; there are "
                + ALL.stream().map(Profile::name).collect(Collectors.joining(", "))
                + ", or MAPPING/FILTERING/PORTS like eim/adf/random");
      }
      shared = known.isPresent() && known.get().shared;
    }
    return named(text).orElse(new Profile(text, "as written", routers, shared));
  }

  /** One line for people: each router in the words of RFC 4787, the host's own first. */
  public String words() {
    if (routers.isEmpty()) {
      return "no NAT, no filtering";
    }
    return routers.stream().map(NatBehaviour::words).collect(Collectors.joining(" | behind: "));
  }

  private static Profile one(String name, String summary, String behaviour) {
    return new Profile(name, summary, List.of(BehaviourText.parse(behaviour)), false);
  }

  private Profile with(NatBehaviour behaviour) {
    return new Profile(name, summary, Collections.singletonList(behaviour), shared);
  }
}
