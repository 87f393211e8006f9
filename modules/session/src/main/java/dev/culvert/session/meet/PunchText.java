package dev.culvert.session.meet;

import dev.culvert.punch.Dependence;
import dev.culvert.punch.NatTraits;
import dev.culvert.punch.PortRule;
import dev.culvert.punch.PortSighting;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * Notes about punching as one line of words, as {@code docs/protocol.md} has them. Words that are
 * not known are passed over.
 */
final class PunchText {
  private static final String VERSION = "punch/1";
  private static final int LONGEST = 1024;
  private static final int MOST_ATTEMPTS = 1_000_000;
  private static final long LONGEST_WAIT = 60_000;
  private static final Map<Dependence, String> MAPPINGS =
      Map.of(
          Dependence.UNKNOWN, "unknown",
          Dependence.ENDPOINT_INDEPENDENT, "eim",
          Dependence.ADDRESS, "adm",
          Dependence.ADDRESS_AND_PORT, "apdm");
  private static final Map<Dependence, String> FILTERINGS =
      Map.of(
          Dependence.UNKNOWN, "unknown",
          Dependence.ENDPOINT_INDEPENDENT, "eif",
          Dependence.ADDRESS, "adf",
          Dependence.ADDRESS_AND_PORT, "apdf");

  private PunchText() {}

  /** Whether a text is to be read here. */
  static boolean isNote(String text) {
    return text.startsWith(VERSION + " ");
  }

  static String write(PunchNote note) {
    StringJoiner words = new StringJoiner(" ").add(VERSION);
    if (note instanceof PunchNote.Ask ask) {
      words.add("ask").add("attempt=" + ask.attempt()).add("key=" + ask.key().hex());
      words.add("roundtrip=" + millis(ask.roundTrip()));
    } else if (note instanceof PunchNote.Go go) {
      words.add("go").add("attempt=" + go.attempt()).add("in=" + millis(go.in()));
    } else {
      words.add("view");
    }
    return write(note.traits(), words).toString();
  }

  private static StringJoiner write(NatTraits traits, StringJoiner words) {
    words.add("at=" + write(traits.reflexive()));
    words.add("translated=" + traits.translated());
    words.add("mapping=" + MAPPINGS.get(traits.mapping()));
    words.add("filtering=" + FILTERINGS.get(traits.filtering()));
    PortRule ports = traits.ports();
    words.add("ports=" + ports.order()).add("range=" + ports.low() + "-" + ports.high());
    if (ports.order() == PortRule.Order.SEQUENTIAL) {
      words.add("step=" + ports.step());
      // Thousandths, so that no two machines write it differently.
      words.add("crowd=" + Math.round(Math.min(ports.crowd(), 100_000) * 1000));
    }
    traits
        .newest()
        .ifPresent(its -> words.add("newest=" + its.port()).add("age=" + millis(its.age())));
    return words;
  }

  private static long millis(Duration time) {
    return Math.min(time.toMillis(), LONGEST_WAIT);
  }

  private static String write(TransportAddress address) {
    return IpLiterals.format(address.ip(), true) + ":" + address.port();
  }

  /** Reads what a peer says, which may be anything; empty for what is no note. */
  static Optional<PunchNote> read(String text) {
    if (text.length() > LONGEST || !isNote(text)) {
      return Optional.empty();
    }
    List<String> words = List.of(text.split(" ", -1));
    Map<String, String> values = new HashMap<>();
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        values.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    try {
      return note(words.get(1), values);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<PunchNote> note(String kind, Map<String, String> values) {
    return switch (kind) {
      case "view" -> Optional.of(new PunchNote.View(traits(values)));
      case "ask" -> {
        Bytes key = Bytes.hex(word(values, "key", "[0-9a-f]{32}"));
        Duration roundTrip = millis(values, "roundtrip");
        yield Optional.of(new PunchNote.Ask(attempt(values), traits(values), key, roundTrip));
      }
      case "go" ->
          Optional.of(new PunchNote.Go(attempt(values), traits(values), millis(values, "in")));
      default -> Optional.empty();
    };
  }

  private static int attempt(Map<String, String> values) {
    return (int) number(values, "attempt", 1, MOST_ATTEMPTS);
  }

  private static Duration millis(Map<String, String> values, String name) {
    return Duration.ofMillis(number(values, name, 0, LONGEST_WAIT));
  }

  private static NatTraits traits(Map<String, String> values) {
    Optional<PortSighting> newest =
        values.containsKey("newest")
            ? Optional.of(
                new PortSighting((int) number(values, "newest", 1, 0xffff), millis(values, "age")))
            : Optional.empty();
    return new NatTraits(
        address(word(values, "at", "\\S{3,64}")),
        Boolean.parseBoolean(word(values, "translated", "true|false")),
        dependence(MAPPINGS, word(values, "mapping", "\\w+")),
        dependence(FILTERINGS, word(values, "filtering", "\\w+")),
        ports(values),
        newest);
  }

  private static Dependence dependence(Map<Dependence, String> words, String word) {
    return words.entrySet().stream()
        .filter(each -> each.getValue().equals(word))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(Dependence.UNKNOWN);
  }

  private static PortRule ports(Map<String, String> values) {
    String[] range = word(values, "range", "[0-9]{1,5}-[0-9]{1,5}").split("-", -1);
    int low = Integer.parseInt(range[0]);
    int high = Integer.parseInt(range[1]);
    PortRule rule =
        switch (word(values, "ports", "\\w+")) {
          case "preserving" -> PortRule.preserving();
          case "random" -> PortRule.random();
          case "sequential" ->
              PortRule.sequential(
                  (int) number(values, "step", -0xffff, 0xffff),
                  number(values, "crowd", 0, 100_000_000) / 1000.0);
          default -> PortRule.unknown();
        };
    return rule.within(low, high);
  }

  private static TransportAddress address(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    boolean brackets = host.startsWith("[") && host.endsWith("]");
    InetAddress ip =
        IpLiterals.parse(brackets ? host.substring(1, host.length() - 1) : host)
            .filter(its -> brackets == (its.getAddress().length == 16))
            .orElseThrow(() -> new IllegalArgumentException("no address"));
    return new TransportAddress(
        ip, (int) number(Map.of("", text.substring(colon + 1)), "", 1, 0xffff));
  }

  private static String word(Map<String, String> values, String name, String pattern) {
    String word = values.getOrDefault(name, "");
    if (!word.matches(pattern)) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return word;
  }

  private static long number(Map<String, String> values, String name, long least, long most) {
    long number = Long.parseLong(word(values, name, "-?[0-9]{1,9}"));
    if (number < least || number > most) {
      throw new IllegalArgumentException(name + " is out of range");
    }
    return number;
  }
}
