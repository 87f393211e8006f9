package dev.culvert.lab.spec;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads a {@link NatBehaviour} from {@code eim/adf/sequential:2+hairpin+timeout=30s}. */
final class BehaviourText {
  private static final Set<String> FLAGS =
      Set.of("hairpin", "answers", "parity", "rewrites", "blackhole", "nat64");

  private BehaviourText() {}

  static NatBehaviour parse(String text) {
    int plus = text.indexOf('+');
    String[] words = (plus < 0 ? text : text.substring(0, plus)).split("/", -1);
    if (words.length < 2 || words.length > 3) {
      throw new IllegalArgumentException(
          "'" + text + "' is not MAPPING/FILTERING/PORTS like eim/adf/random");
    }
    Mapping mapping = one(Mapping.values(), Mapping::code, "mapping", words[0]);
    Filtering filtering = one(Filtering.values(), Filtering::code, "filtering", words[1]);
    NatBehaviour behaviour =
        mapping == Mapping.NONE
            ? NatBehaviour.firewall(filtering)
            : NatBehaviour.nat(
                mapping, filtering, ports(words.length == 3 ? words[2] : "preserving"));
    return plus < 0 ? behaviour : modify(behaviour, text.substring(plus));
  }

  static NatBehaviour modify(NatBehaviour behaviour, String modifiers) {
    NatBehaviour result = behaviour;
    for (String modifier : modifiers.substring(1).split("\\+", -1)) {
      int equals = modifier.indexOf('=');
      String key = equals < 0 ? modifier : modifier.substring(0, equals);
      if (equals >= 0 && FLAGS.contains(key)) {
        throw new IllegalArgumentException("'+" + key + "' takes no value");
      }
      String value = modifier.substring(equals + 1);
      result = modify(result, key, value);
    }
    return result;
  }

  private static NatBehaviour modify(NatBehaviour behaviour, String key, String value) {
    return switch (key) {
      case "hairpin" -> behaviour.withHairpin(true);
      case "answers" -> behaviour.withSilent(false);
      case "timeout" -> behaviour.withTimeout(timeout(value));
      case "mapping" ->
          behaviour.withMapping(one(Mapping.values(), Mapping::code, "mapping", value));
      case "filtering" ->
          behaviour.withFiltering(one(Filtering.values(), Filtering::code, "filtering", value));
      case "traffic" ->
          behaviour.withTraffic(one(Traffic.values(), Traffic::code, "traffic", value));
      case "ports" ->
          value.matches("[0-9]{1,5}-[0-9]{1,5}")
              ? behaviour.withPorts(
                  behaviour
                      .ports()
                      .within(
                          Integer.parseInt(value.substring(0, value.indexOf('-'))),
                          Integer.parseInt(value.substring(value.indexOf('-') + 1))))
              : behaviour.withPorts(ports(value));
      case "ipv6" ->
          behaviour.withIpv6(
              value.equals("none")
                  ? Optional.empty()
                  : Optional.of(one(Filtering.values(), Filtering::code, "ipv6", value)));
      case "parity" -> behaviour.withPorts(behaviour.ports().withParity(true));
      case "block" -> behaviour.withPorts(behaviour.ports().inBlocks(number("block", value)));
      default -> behaviour.withOptions(OptionsText.modify(behaviour.options(), key, value));
    };
  }

  private static PortAllocation ports(String text) {
    if (text.equals("sequential")) {
      return PortAllocation.sequential(1);
    }
    if (text.matches("sequential:[0-9]{1,4}")) {
      return PortAllocation.sequential(Integer.parseInt(text.substring(text.indexOf(':') + 1)));
    }
    return switch (one(PortAllocation.Kind.values(), PortAllocation.Kind::code, "ports", text)) {
      case PRESERVING -> PortAllocation.preserving();
      case OVERLOADING -> PortAllocation.overloading();
      case SEQUENTIAL -> PortAllocation.sequential(1);
      case RANDOM -> PortAllocation.random();
    };
  }

  static int number(String what, String text) {
    if (!text.matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("'" + text + "' is not a number of " + what);
    }
    return Integer.parseInt(text);
  }

  static Duration timeout(String text) {
    if (!text.matches("[0-9]{1,6}s?")) {
      throw new IllegalArgumentException("'" + text + "' is not a timeout like 30s");
    }
    return Duration.ofSeconds(Integer.parseInt(text.replace("s", "")));
  }

  static <T> T one(T[] all, Function<T, String> code, String what, String text) {
    return Arrays.stream(all)
        .filter(value -> code.apply(value).equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    what
                        + " '"
                        + text
                        + "' is none of "
                        + Arrays.stream(all).map(code).collect(Collectors.joining(", "))));
  }
}
