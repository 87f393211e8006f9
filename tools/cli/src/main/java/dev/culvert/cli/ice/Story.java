package dev.culvert.cli.ice;

import dev.culvert.cli.ice.trace.TraceLine;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A connection as its trace tells it. Confined to one thread. */
final class Story {
  private final Map<String, PairStory> pairs = new LinkedHashMap<>();
  private final Map<String, ServerStory> servers = new LinkedHashMap<>();
  private final List<Moment> moments = new ArrayList<>();
  private final Map<String, Double> first = new LinkedHashMap<>();
  private final Set<String> own = new LinkedHashSet<>();
  private final Set<String> ownTypes = new HashSet<>();
  private final Set<String> peers = new LinkedHashSet<>();
  private final Set<String> peersTypes = new HashSet<>();
  private final Set<String> shown = new LinkedHashSet<>();
  private final Set<String> mapped = new LinkedHashSet<>();
  private String role = "";
  private String policy = "";
  private String outcome = "";
  private String cause = "";
  private String failure = "";
  private int changes;
  private int losses;
  private int rejected;
  private double end;
  private Optional<TraceLine> path = Optional.empty();

  private Story() {}

  /** The story of a trace. */
  static Story of(List<TraceLine> lines) {
    Story story = new Story();
    lines.forEach(story::take);
    return story;
  }

  private void take(TraceLine line) {
    end = Math.max(end, line.millis());
    boolean isFirst = first.putIfAbsent(key(line), line.millis()) == null;
    if (!line.text("pair").isEmpty()) {
      pairs.computeIfAbsent(line.text("pair"), PairStory::new).take(line);
    }
    switch (line.kind()) {
      case "begin" -> {
        role = line.text("role");
        policy = line.text("policy");
      }
      case "server" ->
          servers.put(
              line.text("server"),
              new ServerStory(line.text("server"), line.text("use"), Optional.empty(), ""));
      case "answered" -> {
        servers.computeIfPresent(
            line.text("server"), (name, its) -> its.answered(line.number("tookMillis")));
        shown.add(line.text("from") + " " + line.text("mapped"));
      }
      case "silent" ->
          servers.computeIfPresent(
              line.text("server"), (name, its) -> its.silent(line.text("reason")));
      case "candidate" -> {
        own.add(line.text("address"));
        ownTypes.add(line.text("type"));
      }
      case "not-bound" -> tell(line, line.text("address") + " is not used: " + line.text("reason"));
      case "gathered" -> tell(line, "has found its candidates: " + own.size());
      case "described" -> described(line);
      case "remote" -> {
        if (!line.text("type").equals("prflx")) {
          peers.add(line.text("address"));
        }
        peersTypes.add(line.text("type"));
      }
      case "check-sent" -> tellFirst(isFirst, line, "sends its first check");
      case "check-received" -> tellFirst(isFirst, line, "gets the first check of the other side");
      case "check-answered" -> {
        mapped.add(line.text("mapped"));
        tellFirst(isFirst, line, "gets the first answer");
      }
      case "check-rejected", "check-refused" -> rejected++;
      case "path" -> path(line);
      case "path-lost" -> {
        losses++;
        tell(line, "has no path any more");
      }
      case "pair-silent" -> tell(line, "hears nothing from " + remote(line));
      case "pair-narrow" -> tell(line, "gets small datagrams alone through to " + remote(line));
      case "consent-lost" -> {
        losses++;
        tell(line, "has no consent any more of " + remote(line));
      }
      case "restarted" -> tell(line, "begins anew with other credentials");
      case "restart-advised" -> tell(line, line.text("reason"));
      case "role" -> tell(line, "is " + line.text("role") + " now: " + line.text("reason"));
      case "failed" -> {
        cause = line.text("cause");
        failure = line.text("reason");
        tell(line, "gives up: " + failure);
      }
      case "ended" -> {
        outcome = line.text("outcome");
        failure = failure.isEmpty() ? line.text("failure") : failure;
        tell(line, "is done");
      }
      default -> {
        // What nobody here knows is passed over.
      }
    }
  }

  private static String key(TraceLine line) {
    return line.kind().equals("described") ? "described-" + line.text("side") : line.kind();
  }

  private void described(TraceLine line) {
    boolean isOwn = line.text("side").equals("own");
    int count = line.number("candidates").orElse(0.0).intValue();
    tell(
        line,
        isOwn ? "can tell the other side" : "knows the other side, with candidates: " + count);
  }

  private void path(TraceLine line) {
    Optional<String> before = path.map(its -> its.text("pair"));
    boolean other = before.filter(line.text("pair")::equals).isEmpty();
    changes += before.isPresent() && other ? 1 : 0;
    path = Optional.of(line);
    String what = (line.is("relayed") ? "relayed" : "direct") + ": " + way(line);
    if (other) {
      tell(line, (before.isEmpty() ? "has a path, " : "goes another way, ") + what);
    } else if (line.is("selected")) {
      tell(line, "that path is nominated");
    }
  }

  private String remote(TraceLine line) {
    return pairs.computeIfAbsent(line.text("pair"), PairStory::new).remote();
  }

  private static String way(TraceLine line) {
    return line.text("local") + " to " + line.text("remote");
  }

  private void tellFirst(boolean isFirst, TraceLine line, String what) {
    if (isFirst) {
      tell(line, what);
    }
  }

  private void tell(TraceLine line, String what) {
    moments.add(new Moment(line.millis(), what));
  }

  /** {@code direct}, {@code relayed}, {@code unreachable}, or {@code unknown} if it is cut off. */
  String outcome() {
    if (!outcome.isEmpty()) {
      return outcome;
    }
    return path.map(its -> its.is("relayed") ? "relayed" : "direct")
        .orElse(failure.isEmpty() ? "unknown" : "unreachable");
  }

  String role() {
    return role;
  }

  String policy() {
    return policy;
  }

  String cause() {
    return cause;
  }

  String failure() {
    return failure;
  }

  int changes() {
    return changes;
  }

  int losses() {
    return losses;
  }

  int rejected() {
    return rejected;
  }

  List<Moment> moments() {
    return moments;
  }

  List<PairStory> pairs() {
    return List.copyOf(pairs.values());
  }

  List<ServerStory> servers() {
    return List.copyOf(servers.values());
  }

  /** When something of this kind happened first. */
  Optional<Double> at(String kind) {
    return Optional.ofNullable(first.get(kind));
  }

  boolean hasOwn(String type) {
    return ownTypes.contains(type);
  }

  boolean hasPeers(String type) {
    return peersTypes.contains(type);
  }

  /** Addresses of this side that its own candidates name. */
  Set<String> own() {
    return own;
  }

  /** Addresses of the other side as it told them. */
  Set<String> peers() {
    return peers;
  }

  /** Where servers saw this side, each with the address that asked. */
  Set<String> shown() {
    return shown;
  }

  /** Where the other side saw this one. */
  Set<String> mapped() {
    return mapped;
  }

  /** What took its time, in order. */
  List<Stage> stages() {
    List<Stage> all = new ArrayList<>();
    double start = 0;
    start = stage(all, "finding candidates", start, at("gathered"));
    start = stage(all, "waiting for the other side's description", start, at("described-peer"));
    start = stage(all, "waiting for a first answer", start, at("check-answered"));
    start = stage(all, "choosing the path", start, at("selected"));
    if (outcome().equals("unreachable") && at("path").isEmpty()) {
      stage(all, "trying in vain", start, at("failed"));
    }
    return all;
  }

  private static double stage(List<Stage> all, String what, double from, Optional<Double> to) {
    if (to.isEmpty() || to.get() <= from) {
      return from;
    }
    all.add(new Stage(what, to.get() - from));
    return to.get();
  }
}
