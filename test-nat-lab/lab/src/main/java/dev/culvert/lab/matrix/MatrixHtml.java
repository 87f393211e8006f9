package dev.culvert.lab.matrix;

import dev.culvert.lab.matrix.MatrixCell.Status;
import dev.culvert.lab.matrix.MatrixPlan.Shape;
import dev.culvert.lab.spec.Profile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A matrix as one HTML page that needs nothing beside it, neither scripts nor anything from the
 * network: a summary, the grid, a legend, the profiles, and what there is to know of each cell.
 */
public final class MatrixHtml {
  private final MatrixResult result;
  private final HtmlText html = new HtmlText();

  private MatrixHtml(MatrixResult result) {
    this.result = result;
  }

  /** The page. */
  public static String write(MatrixResult result) {
    MatrixHtml page = new MatrixHtml(result);
    page.document();
    return page.html.toString();
  }

  private void document() {
    String title = "Culvert: " + result.verb() + " " + place();
    html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
    html.element("title", title).raw("\n<style>\n").raw(MatrixStyle.CSS).raw("</style>\n</head>\n");
    html.raw("<body>\n<main>\n");
    header();
    if (result.shape() == Shape.PAIRS) {
      grid();
      legend();
    }
    profiles();
    cells();
    html.raw("<footer>").element("p", "Run it again: " + again());
    html.raw("</footer>\n</main>\n</body>\n</html>\n");
  }

  private void header() {
    html.raw("<header>\n").element("h1", heading()).raw("\n");
    html.element("p", intro()).raw("\n<dl class=\"sum\">\n");
    result.outcomes().forEach((outcome, count) -> sum(outcome, count));
    sum("as theory says", result.count(Status.AS_EXPECTED));
    sum("not as theory says", result.count(Status.UNEXPECTED));
    sum("without expectation", result.count(Status.NO_EXPECTATION));
    html.raw("</dl>\n");
    html.element(
        "p",
        result.cells().size()
            + " cells "
            + place()
            + ", seed "
            + result.seed()
            + ", in "
            + seconds(result.elapsed())
            + ".");
    html.raw("\n</header>\n");
  }

  private void sum(String what, long count) {
    html.raw("<div>").element("dt", what).element("dd", String.valueOf(count)).raw("</div>\n");
  }

  private String heading() {
    return switch (result.verb()) {
      case "reach" -> "Who reaches whom";
      case "check" -> "What a check finds behind each NAT";
      case "connect" -> "How two peers connect";
      default -> "What " + result.verb() + " gives";
    };
  }

  private String intro() {
    return result.verb().equals("reach")
        ? "Two hosts, each behind a NAT, send UDP packets to each other's addresses at the same"
            + " time (RFC 5128, section 3.3). Nothing is predicted and nobody relays: it is what"
            + " can be had without effort."
        : "'" + result.verb() + "' was run on a host behind each of these.";
  }

  private String place() {
    return switch (result.world()) {
      case SIM -> "in the simulator";
      case KERNEL -> "with the NATs of a Linux kernel";
    };
  }

  private void grid() {
    html.raw("<section>\n<h2>The grid</h2>\n<div class=\"scroll\">\n<table class=\"grid\">\n");
    html.element("caption", "Rows and columns are what the two hosts stand behind.").raw("\n");
    html.raw("<thead>\n<tr><td></td>");
    for (Profile column : result.profiles()) {
      html.raw("<th scope=\"col\" title=\"" + HtmlText.escape(column.words()) + "\"><span>");
      html.text(column.name()).raw("</span></th>");
    }
    html.raw("</tr>\n</thead>\n<tbody>\n");
    for (Profile row : result.profiles()) {
      html.raw("<tr><th scope=\"row\" title=\"" + HtmlText.escape(row.words()) + "\">");
      html.text(row.name()).raw("</th>");
      for (Profile column : result.profiles()) {
        gridCell(result.cell(row, column));
      }
      html.raw("</tr>\n");
    }
    html.raw("</tbody>\n</table>\n</div>\n</section>\n");
  }

  private void gridCell(Optional<MatrixCell> found) {
    if (found.isEmpty()) {
      html.raw("<td class=\"none\">–</td>");
      return;
    }
    MatrixCell cell = found.get();
    html.raw("<td class=\"" + look(cell) + "\"><a href=\"#" + id(cell) + "\" title=\"");
    html.text(cell.name() + ": " + cell.outcome() + ", " + words(cell.status())).raw("\">");
    html.element("span class=\"mark\" aria-hidden=\"true\"", mark(cell));
    html.element("span class=\"word\"", shortWord(cell.outcome()));
    html.raw(flag(cell)).raw("</a></td>");
  }

  private static String flag(MatrixCell cell) {
    return switch (cell.status()) {
      case AS_EXPECTED -> "";
      case UNEXPECTED, FAULT -> "<span class=\"flag\">!</span>";
      case NO_EXPECTATION -> "<span class=\"flag\">?</span>";
    };
  }

  private void legend() {
    html.raw("<section>\n<h2>Legend</h2>\n<ul class=\"legend\">\n");
    String good = result.verb().equals("relay") ? "relayed" : "direct";
    entry("direct", "● " + good, "both were answered by the other");
    entry("unreachable", "○ no", "unreachable: not both were answered in time");
    entry("fault", "× fault", "the verb could not be run");
    entry("other unexpected", "!", "not as theory says");
    entry("other", "?", "theory does not say");
    html.raw("</ul>\n</section>\n");
  }

  private void entry(String look, String sign, String meaning) {
    html.raw("<li><span class=\"key " + look + "\">").text(sign).raw("</span> ");
    html.text(meaning).raw("</li>\n");
  }

  private void profiles() {
    html.raw("<section>\n<h2>The NATs</h2>\n<div class=\"scroll\">\n<table class=\"list\">\n");
    html.raw("<thead><tr><th scope=\"col\">profile</th><th scope=\"col\">what it is</th>");
    html.raw("<th scope=\"col\">in the words of RFC 4787</th></tr></thead>\n<tbody>\n");
    for (Profile profile : result.profiles()) {
      html.raw("<tr><th scope=\"row\">").text(profile.name()).raw("</th>");
      html.element("td", profile.summary()).element("td", profile.words()).raw("</tr>\n");
    }
    html.raw("</tbody>\n</table>\n</div>\n</section>\n");
  }

  private void cells() {
    html.raw("<section>\n<h2>Each cell</h2>\n");
    List<MatrixCell> first = new ArrayList<>();
    List<MatrixCell> rest = new ArrayList<>();
    result.cells().forEach(cell -> (cell.isRight() ? rest : first).add(cell));
    first.forEach(this::detail);
    rest.forEach(this::detail);
    html.raw("</section>\n");
  }

  private void detail(MatrixCell cell) {
    html.raw("<article id=\"" + id(cell) + "\" class=\"" + look(cell) + "\">\n<h3>");
    html.element("span class=\"mark\" aria-hidden=\"true\"", mark(cell)).raw(" ");
    html.text(cell.name()).raw(" ").element("span class=\"word\"", cell.outcome());
    html.raw("</h3>\n<dl>\n");
    String[] hosts = {"host a", "host b"};
    for (int i = 0; i < cell.profiles().size(); i++) {
      fact(hosts[i], cell.profiles().get(i).words());
    }
    fact("time", cell.time().toMillis() + " ms");
    Map<String, String> fields = cell.fields();
    if (fields.containsKey("remote")) {
      fact("path", fields.get("local") + " with " + fields.get("remote"));
    }
    told(fields, "plan", "plan that opened the direct path");
    told(fields, "firstByteMillis", "ms to the first byte");
    told(fields, "directMillis", "ms to the direct path");
    told(fields, "why", "why not direct");
    fact(
        "theory", cell.expected().map(it -> it.outcome() + ": " + it.why()).orElse("says nothing"));
    if (!cell.isRight() || fields.containsKey("reason")) {
      fact("found", fields.getOrDefault("reason", cell.detail()));
    }
    if (!cell.isRight()) {
      fact("verdict", words(cell.status()));
    }
    html.raw("<div><dt>again</dt><dd>").element("code", cell.rerun());
    html.raw("</dd></div>\n</dl>\n");
    if (!cell.trace().isEmpty()) {
      html.raw("<details><summary>the last packets</summary>");
      html.element("pre", String.join("\n", cell.trace())).raw("</details>\n");
    }
    html.raw("</article>\n");
  }

  /** A field that not every verb has, nor every outcome. */
  private void told(Map<String, String> fields, String field, String name) {
    String value = fields.getOrDefault(field, "");
    if (!value.isEmpty() && !value.equals("none")) {
      fact(name, value);
    }
  }

  private void fact(String name, String value) {
    html.raw("<div>").element("dt", name).element("dd", value).raw("</div>\n");
  }

  private String again() {
    return "culvert lab matrix "
        + result.verb()
        + " --profiles "
        + result.profiles().stream().map(Profile::name).collect(Collectors.joining(","))
        + " --world "
        + result.world().code()
        + " --seed "
        + result.seed();
  }

  private static String id(MatrixCell cell) {
    return "c-"
        + cell.profiles().stream()
            .map(profile -> profile.name().replaceAll("[^A-Za-z0-9]", "_"))
            .collect(Collectors.joining("--"));
  }

  private static String look(MatrixCell cell) {
    String outcome =
        switch (cell.outcome()) {
          case "direct", "unreachable", MatrixCell.FAULT -> cell.outcome();
          case "relayed" -> "direct";
          default -> "other";
        };
    return cell.isRight() ? outcome : outcome + " unexpected";
  }

  private static String mark(MatrixCell cell) {
    return switch (cell.outcome()) {
      case "direct", "relayed" -> "●";
      case "unreachable" -> "○";
      case MatrixCell.FAULT -> "×";
      default -> cell.isRight() ? "●" : "○";
    };
  }

  private static String shortWord(String outcome) {
    return outcome.equals("unreachable") ? "no" : outcome;
  }

  private static String words(Status status) {
    return switch (status) {
      case AS_EXPECTED -> "as theory says";
      case UNEXPECTED -> "not as theory says";
      case NO_EXPECTATION -> "theory does not say";
      case FAULT -> "the verb could not be run";
    };
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1e3);
  }
}
