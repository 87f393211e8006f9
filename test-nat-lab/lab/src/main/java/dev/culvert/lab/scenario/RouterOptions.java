package dev.culvert.lab.scenario;

import dev.culvert.lab.spec.Filtering;
import dev.culvert.lab.spec.NatBehaviour;
import dev.culvert.lab.spec.Pooling;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.spec.Refresh;
import dev.culvert.lab.spec.Traffic;
import dev.culvert.lab.spec.UnsolicitedSyn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The words after a router's behaviour. Each becomes a {@code +word=value} of {@link
 * Profile#parse}, so that scenarios and the command line mean the same by the same word.
 */
final class RouterOptions {
  private static final RouterOptions ROUTERS = new RouterOptions(routers());
  private static final RouterOptions NATS = new RouterOptions(nats());

  /** How to read what follows each word; empty for words with nothing behind. */
  private final Map<String, Function<Cursor, String>> values;

  private RouterOptions(Map<String, Function<Cursor, String>> values) {
    this.values = values;
  }

  /** Of routers that translate nothing. */
  static RouterOptions ofRouters() {
    return ROUTERS;
  }

  static RouterOptions ofNats() {
    return NATS;
  }

  List<String> words() {
    return List.copyOf(values.keySet());
  }

  /** The option as a profile has it. */
  String read(Word option, Cursor line) {
    Function<Cursor, String> value = values.getOrDefault(option.text(), RouterOptions::nothing);
    String text = value.apply(line);
    return "+" + option.text() + (text.isEmpty() ? "" : "=" + text);
  }

  /**
   * The behaviour that such a text means.
   *
   * @throws IllegalArgumentException with one line for people
   */
  NatBehaviour behaviour(String text) {
    return Profile.parse(text).routers().get(0);
  }

  private static Map<String, Function<Cursor, String>> routers() {
    Map<String, Function<Cursor, String>> all = new LinkedHashMap<>();
    List<String> filterings = new ArrayList<>(List.of("none"));
    filterings.addAll(codes(Filtering.values(), Filtering::code));
    all.put("ipv6", oneOf(filterings.stream().distinct().toList()));
    all.put("traffic", oneOf(codes(Traffic.values(), Traffic::code)));
    all.put("timeout", line -> seconds(line, "30s"));
    all.put("fragments", oneOf(List.of("pass", "drop")));
    all.put("blackhole", RouterOptions::nothing);
    all.put("syn", oneOf(codes(UnsolicitedSyn.values(), UnsolicitedSyn::code)));
    all.put("established", line -> seconds(line, "7440s"));
    all.put("transitory", line -> seconds(line, "240s"));
    return all;
  }

  private static Map<String, Function<Cursor, String>> nats() {
    Map<String, Function<Cursor, String>> all = routers();
    all.put("ports", RouterOptions::ports);
    all.put("parity", RouterOptions::nothing);
    all.put("block", line -> count(line, "a number of ports", 65535));
    all.put("hairpin", RouterOptions::nothing);
    all.put("refresh", oneOf(codes(Refresh.values(), Refresh::code)));
    all.put("addresses", line -> count(line, "a number of addresses", 99));
    all.put("pooling", oneOf(codes(Pooling.values(), Pooling::code)));
    all.put("neighbours", RouterOptions::perSecond);
    all.put("rewrites", RouterOptions::nothing);
    all.put("answers", RouterOptions::nothing);
    all.put("nat64", RouterOptions::nothing);
    return all;
  }

  private static String nothing(Cursor line) {
    return "";
  }

  private static <T> List<String> codes(T[] all, Function<T, String> code) {
    return Arrays.stream(all).map(code).toList();
  }

  private static String count(Cursor line, String what, int most) {
    return Integer.toString(Values.integer(line, what, 1, most));
  }

  private static String perSecond(Cursor line) {
    Word word = line.next("a number of mappings like 10/s");
    if (!word.text().matches("[0-9]{1,5}/s")) {
      throw LineFault.expecting(word, List.of("a number of mappings like 10/s"));
    }
    return word.text();
  }

  private static Function<Cursor, String> oneOf(List<String> known) {
    return line -> line.oneOf(known).text();
  }

  private static String ports(Cursor line) {
    int[] range = Values.portRange(line.next("ports like 40000-40999"));
    return range[0] + "-" + range[1];
  }

  private static String seconds(Cursor line, String example) {
    int column = line.column();
    Duration duration = Values.duration(line, example);
    if (duration.toNanosPart() != 0) {
      throw LineFault.saying(column, "a timeout has whole seconds");
    }
    return duration.toSeconds() + "s";
  }
}
