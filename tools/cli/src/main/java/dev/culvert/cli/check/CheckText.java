package dev.culvert.cli.check;

import dev.culvert.cli.Mark;
import dev.culvert.cli.Style;
import dev.culvert.detect.IpFamily;
import dev.culvert.detect.NatReport;
import dev.culvert.detect.PathReport;
import dev.culvert.detect.ServerReport;
import dev.culvert.detect.ServerReport.Rfc5780;
import dev.culvert.detect.Verdict;
import dev.culvert.detect.Verdict.Grade;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Renders a report for people: the verdict, the facts, the next actions, the time it took. */
final class CheckText {
  private final Style style;
  private final List<String> lines = new ArrayList<>();

  CheckText(Style style) {
    this.style = style;
  }

  String render(CheckView view) {
    verdict(view.verdict());
    NatReport report = view.report();
    for (PathReport path : report.paths()) {
      path(path);
    }
    for (IpFamily family : IpFamily.values()) {
      if (report.path(family).isEmpty()) {
        lines.add("");
        lines.add(style.bold(family.toString()) + ": not measured");
      }
    }
    servers(ServerRows.of(report));
    actions(view.verdict().actions());
    lines.add("");
    lines.add(
        style.faint(
            String.format(Locale.ROOT, "Measured in %.1f s.", report.elapsed().toMillis() / 1e3)));
    return String.join(System.lineSeparator(), lines);
  }

  private void verdict(Verdict verdict) {
    Mark mark = mark(verdict.grade());
    String grade = style.paint(mark, word(verdict.grade()));
    lines.add(style.mark(mark) + " " + style.bold(grade) + ": " + verdict.summary());
  }

  private static Mark mark(Grade grade) {
    return switch (grade) {
      case GOOD -> Mark.GOOD;
      case HARD, RELAY_ONLY -> Mark.FAIR;
      case BLOCKED -> Mark.BAD;
      case INCONCLUSIVE -> Mark.UNKNOWN;
    };
  }

  private static String word(Grade grade) {
    return switch (grade) {
      case GOOD -> "Good for peer-to-peer";
      case HARD -> "Hard for peer-to-peer";
      case RELAY_ONLY -> "Relay only";
      case BLOCKED -> "Blocked";
      case INCONCLUSIVE -> "Inconclusive";
    };
  }

  private void path(PathReport path) {
    lines.add("");
    lines.add(
        style.bold(path.family().toString())
            + (path.label().isEmpty() ? "" : " (" + path.label() + ")"));
    List<Fact> facts = PathFacts.of(path).stream().map(this::redacted).toList();
    int label = facts.stream().mapToInt(fact -> fact.label().length()).max().orElse(0);
    int value = facts.stream().mapToInt(fact -> fact.value().length()).max().orElse(0);
    for (Fact fact : facts) {
      String sign = fact.mark().map(style::mark).orElse(" ");
      String shown = pad(fact.value(), fact.meaning().isEmpty() ? 0 : value);
      String known = fact.mark().map(mark -> style.paint(mark, shown)).orElse(shown);
      lines.add(
          ("  " + sign + " " + pad(fact.label(), label) + "  " + known)
              + (fact.meaning().isEmpty() ? "" : "  " + style.faint(fact.meaning())));
    }
  }

  private Fact redacted(Fact fact) {
    return new Fact(
        fact.mark(), fact.label(), style.redacted(fact.value()), style.redacted(fact.meaning()));
  }

  private void servers(List<ServerReport> servers) {
    if (servers.isEmpty()) {
      return;
    }
    lines.add("");
    lines.add(style.bold("Servers"));
    int width = servers.stream().mapToInt(server -> address(server).length()).max().orElse(0);
    for (ServerReport server : servers) {
      boolean heard = server.roundTrip().value().isPresent();
      boolean liar = server.rfc5780().is(Rfc5780.DISHONEST);
      Mark mark = !heard ? Mark.BAD : liar ? Mark.FAIR : Mark.GOOD;
      String time =
          server
              .roundTrip()
              .value()
              .map(trip -> CheckJson.millis(trip) + " ms")
              .orElse("no answer");
      lines.add(
          ("  " + style.mark(mark) + " " + pad(address(server), width))
              + ("  " + " ".repeat(Math.max(0, 9 - time.length())) + time)
              + (heard ? "  " + ability(server) : "")
              + server.note().map(note -> "  " + style.faint(note)).orElse(""));
    }
  }

  private String address(ServerReport server) {
    String address = server.address().map(Object::toString).orElse(server.name());
    return style.redacted(
        address.equals(server.name()) ? address : server.name() + " (" + address + ")");
  }

  private static String ability(ServerReport server) {
    return server
        .rfc5780()
        .value()
        .map(
            found ->
                switch (found) {
                  case YES -> "RFC 5780";
                  case NO -> "no RFC 5780";
                  case DISHONEST -> "RFC 5780 dishonest";
                })
        .orElse("RFC 5780 unknown");
  }

  private void actions(List<String> actions) {
    if (actions.isEmpty()) {
      return;
    }
    lines.add("");
    lines.add(style.bold("What to do"));
    for (int i = 0; i < actions.size(); i++) {
      lines.add("  " + (i + 1) + ". " + actions.get(i));
    }
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
