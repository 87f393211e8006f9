package dev.culvert.cli.lab.matrix;

import dev.culvert.cli.Mark;
import dev.culvert.cli.Style;
import dev.culvert.cli.Table;
import dev.culvert.lab.matrix.MatrixCell;
import dev.culvert.lab.matrix.MatrixCell.Status;
import dev.culvert.lab.matrix.MatrixPlan.Shape;
import dev.culvert.lab.matrix.MatrixResult;
import dev.culvert.lab.matrix.Theory;
import dev.culvert.lab.spec.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Puts a matrix into lines for people: a grid of marks, then what needs words. */
final class MatrixText {
  private static final int COLUMN = 4;
  private static final int MOST_COMPLAINTS = 10;

  private final Style style;
  private final List<String> lines = new ArrayList<>();

  /** Whether a relay is all that was asked for. */
  private boolean goodRelay;

  MatrixText(Style style) {
    this.style = style;
  }

  String render(MatrixResult result) {
    goodRelay = result.verb().equals("relay");
    if (result.shape() == Shape.PAIRS) {
      grid(result);
      lines.add("");
      lines.add(legend(result.verb()));
      if (result.verb().equals("connect")) {
        lines.add("");
        lines.add(ConnectText.of(result, style));
      }
    } else {
      list(result);
    }
    lines.add("");
    List<MatrixCell> wrong = result.cells().stream().filter(cell -> !cell.isRight()).toList();
    wrong.stream().limit(MOST_COMPLAINTS).forEach(this::complaint);
    if (wrong.size() > MOST_COMPLAINTS) {
      lines.add("  and " + (wrong.size() - MOST_COMPLAINTS) + " more; -o json tells of all");
    }
    lines.add(style.mark(result.isRight() ? Mark.GOOD : Mark.BAD) + " " + style.bold(sum(result)));
    return String.join(System.lineSeparator(), lines);
  }

  private void grid(MatrixResult result) {
    List<Profile> profiles = result.profiles();
    int names = profiles.stream().mapToInt(profile -> profile.name().length()).max().orElse(0);
    StringBuilder head = new StringBuilder(" ".repeat(names + 4));
    for (int column = 1; column <= profiles.size(); column++) {
      head.append(String.format(Locale.ROOT, "%" + COLUMN + "d", column));
    }
    lines.add(style.faint(head.toString()));
    for (int row = 0; row < profiles.size(); row++) {
      Profile its = profiles.get(row);
      StringBuilder line = new StringBuilder();
      line.append(String.format(Locale.ROOT, "%3d ", row + 1));
      line.append(its.name()).append(" ".repeat(names - its.name().length()));
      for (Profile column : profiles) {
        line.append(cell(result.cell(its, column)));
      }
      lines.add(line.toString().stripTrailing());
    }
  }

  private String cell(Optional<MatrixCell> found) {
    if (found.isEmpty()) {
      return " ".repeat(COLUMN);
    }
    MatrixCell cell = found.get();
    String sign = new Style(false, style.unicode(), style.redaction()).mark(mark(cell));
    String pad = " ".repeat(COLUMN - 1 - sign.length());
    return pad + style.mark(mark(cell)) + flag(cell.status());
  }

  private static String flag(Status status) {
    return switch (status) {
      case AS_EXPECTED -> " ";
      case NO_EXPECTATION -> "?";
      case UNEXPECTED, FAULT -> "!";
    };
  }

  private Mark mark(MatrixCell cell) {
    return switch (cell.outcome()) {
      case "direct" -> Mark.GOOD;
      case "relayed" -> goodRelay ? Mark.GOOD : Mark.FAIR;
      case MatrixCell.FAULT -> Mark.UNKNOWN;
      case "unreachable" -> Mark.BAD;
      default -> cell.isRight() ? Mark.GOOD : Mark.BAD;
    };
  }

  private String legend(String verb) {
    return style.mark(Mark.GOOD)
        + (verb.equals("relay") ? " relayed" : " direct")
        + (List.of("ice", "connect").contains(verb)
            ? "  " + style.mark(Mark.FAIR) + " relayed"
            : "")
        + "  "
        + style.mark(Mark.BAD)
        + " unreachable  "
        + style.mark(Mark.UNKNOWN)
        + " could not be run; behind it: ! not as theory says, ? theory does not say";
  }

  private void list(MatrixResult result) {
    Table table = new Table(style);
    for (MatrixCell cell : result.cells()) {
      table.row(
          mark(cell),
          cell.name(),
          cell.profiles().get(0).summary(),
          cell.time().toMillis() + " ms",
          cell.outcome());
    }
    lines.add(table.toString());
  }

  private void complaint(MatrixCell cell) {
    String theory =
        cell.expected()
            .map(Theory.Expected::outcome)
            .map(outcome -> ", but theory says " + outcome)
            .orElse("");
    lines.add(
        style.mark(Mark.BAD)
            + " "
            + style.redacted(cell.name() + ": " + cell.outcome() + theory + "; " + cell.detail()));
    lines.add("  again: " + cell.rerun());
  }

  private static String sum(MatrixResult result) {
    String outcomes =
        result.shape() == Shape.PAIRS
            ? result.outcomes().entrySet().stream()
                    .map(entry -> entry.getValue() + " " + entry.getKey())
                    .collect(Collectors.joining(", "))
                + "; "
            : "";
    long open = result.count(Status.NO_EXPECTATION);
    return outcomes
        + result.count(Status.AS_EXPECTED)
        + " of "
        + (result.cells().size() - open)
        + " as theory says"
        + (open == 0 ? "" : ", " + open + " without expectation")
        + "; world "
        + result.world().code()
        + ", seed "
        + result.seed()
        + ", "
        + String.format(Locale.ROOT, "%.1f s", result.elapsed().toMillis() / 1e3)
        + ".";
  }
}
