package dev.culvert.lab.scenario;

import dev.culvert.lab.LabException;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LinkSpec;
import dev.culvert.lab.world.LabWorld;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lines about what happens. */
final class StepStatements {
  private static final String CAPTURE_FILE = "[A-Za-z0-9_][A-Za-z0-9._-]{0,60}\\.pcap";

  /** Something that concerns a host or router alone. */
  private interface Change {
    void to(LabWorld world, String name) throws LabException;
  }

  private StepStatements() {}

  static Map<String, Statement> all() {
    Map<String, Statement> all = new LinkedHashMap<>();
    all.put("start", (keyword, line, draft) -> begin(line, draft, true));
    all.put("run", (keyword, line, draft) -> begin(line, draft, false));
    all.put("stop", StepStatements::stop);
    all.put("expect", StepStatements::expect);
    all.put("wait", StepStatements::waiting);
    all.put("reboot", change(Draft.Kind.ROUTER, LabWorld::reboot));
    all.put("readdress", StepStatements::readdress);
    all.put("move", StepStatements::move);
    all.put("cut", change(Draft.Kind.ANY, LabWorld::cut));
    all.put("mend", change(Draft.Kind.ANY, LabWorld::mend));
    all.put("link", StepStatements::link);
    all.put("capture", StepStatements::capture);
    return all;
  }

  private static Statement change(Draft.Kind kind, Change change) {
    return (keyword, line, draft) -> {
      String name = named(line, draft, kind);
      draft.step(line.whole(), stage -> change.to(stage.world(), name));
    };
  }

  private static String named(Cursor line, Draft draft, Draft.Kind kind) {
    return draft.refer(line.name(kind.words), kind).text();
  }

  /** {@code start HOST VERB [ARGUMENT…] [within 10s]}, {@code run} alike. */
  private static void begin(Cursor line, Draft draft, boolean stays) {
    String host = named(line, draft, Draft.Kind.HOST);
    Word verb = line.next("a verb");
    if (verb.quoted() || !verb.text().matches("[a-z][a-z0-9-]{0,30}")) {
      throw LineFault.expecting(verb, List.of("a verb (lower-case letters and hyphens)"));
    }
    Duration limit = stays ? VerbAction.START : VerbAction.RUN;
    List<Word> arguments = line.hasMore() ? line.all("arguments") : List.of();
    int count = arguments.size();
    if (count >= 1 && isWithin(arguments.get(count - 1))) {
      throw LineFault.ending(line.column(), List.of("a duration like 10s"));
    }
    if (count >= 2 && isWithin(arguments.get(count - 2))) {
      limit = Values.duration(arguments.get(count - 1), "10s", VerbAction.LONGEST.toSeconds());
      arguments = arguments.subList(0, count - 2);
    }
    List<String> words = arguments.stream().map(Word::text).toList();
    draft.step(line.whole(), new VerbAction(host, verb, words, limit, stays));
  }

  private static boolean isWithin(Word word) {
    return !word.quoted() && word.text().equals("within");
  }

  /** {@code stop HOST [VERB]}. */
  private static void stop(Word keyword, Cursor line, Draft draft) {
    String host = named(line, draft, Draft.Kind.HOST);
    Optional<String> verb =
        line.hasMore() ? Optional.of(line.next("a verb").text()) : Optional.empty();
    draft.step(
        line.whole(),
        stage -> {
          if (stage.stop(host, verb, VerbAction.STOP) == 0) {
            throw new StepFailure(
                verb.map(known -> "no " + known + " runs on ").orElse("nothing runs on ") + host);
          }
        });
  }

  /** {@code expect HOST FIELD CONDITION [within 10s]}. */
  private static void expect(Word keyword, Cursor line, Draft draft) {
    String host = named(line, draft, Draft.Kind.HOST);
    Word field = line.next("a field like ipv4.mapping", "exit", "output");
    Condition condition = Conditions.read(line, draft);
    Optional<Duration> limit = Optional.empty();
    if (line.take("within")) {
      limit = Optional.of(Values.duration(line, "10s", VerbAction.LONGEST.toSeconds()));
    } else {
      line.endExpecting(List.of("within"));
    }
    draft.step(line.whole(), new Expectation(host, field.text(), condition, limit));
  }

  /** {@code wait 10s}. */
  private static void waiting(Word keyword, Cursor line, Draft draft) {
    Duration time = Values.duration(line, "10s");
    draft.step(line.whole(), stage -> stage.world().pass(time));
  }

  /** {@code readdress ROUTER [ADDRESS]}. */
  private static void readdress(Word keyword, Cursor line, Draft draft) {
    String router = named(line, draft, Draft.Kind.ROUTER);
    Optional<InetAddress> outside =
        line.hasMore()
            ? Optional.of(Values.address(line.next("an address like 203.0.113.7")))
            : Optional.empty();
    draft.step(line.whole(), stage -> stage.world().readdress(router, outside));
  }

  /** {@code move HOST behind ROUTER} or {@code move HOST to internet}. */
  private static void move(Word keyword, Cursor line, Draft draft) {
    String host = named(line, draft, Draft.Kind.HOST);
    Word where = line.oneOf(List.of("behind", "to"));
    String uplink = LabSpec.INTERNET;
    if (where.text().equals("behind")) {
      uplink = named(line, draft, Draft.Kind.ROUTER);
    } else {
      line.expect(LabSpec.INTERNET);
    }
    String there = uplink;
    draft.step(line.whole(), stage -> stage.world().move(host, there));
  }

  /** {@code link NAME perfect} or {@code link NAME [loss 20%] …}, after the first step. */
  private static void link(Word keyword, Cursor line, Draft draft) {
    String name = named(line, draft, Draft.Kind.ANY);
    LinkSpec link = LinkWords.read(line);
    draft.step(line.whole(), stage -> stage.world().relink(name, link));
  }

  /** {@code capture NAME FILE.pcap}. */
  private static void capture(Word keyword, Cursor line, Draft draft) {
    String name = named(line, draft, Draft.Kind.ANY);
    Word file = line.next("a file name like a.pcap");
    if (!file.text().matches(CAPTURE_FILE)) {
      throw LineFault.expecting(file, List.of("a file name like a.pcap, without directories"));
    }
    draft.step(
        line.whole(), stage -> stage.world().capture(name, stage.captures().resolve(file.text())));
  }
}
