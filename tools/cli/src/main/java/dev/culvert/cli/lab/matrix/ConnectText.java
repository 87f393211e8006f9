package dev.culvert.cli.lab.matrix;

import dev.culvert.cli.Mark;
import dev.culvert.cli.Style;
import dev.culvert.cli.Table;
import dev.culvert.lab.matrix.MatrixCell;
import dev.culvert.lab.matrix.MatrixResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What a matrix of connecting peers shows besides its grid: plans, times, and why some relay. */
final class ConnectText {
  private static final int MOST_NAMED = 6;

  private ConnectText() {}

  /** A line for each plan that won, and for each reason to relay. */
  static String of(MatrixResult result, Style style) {
    Table table = new Table(style);
    List<MatrixCell> direct = with(result, "direct");
    group(direct, cell -> cell.fields().getOrDefault("plan", "ice"))
        .forEach(
            (plan, cells) ->
                table.row(
                    Mark.GOOD,
                    plan,
                    cells.size() + " direct",
                    "first byte " + times(cells, "firstByteMillis"),
                    "direct " + times(cells, "directMillis")));
    group(with(result, "relayed"), ConnectText::why)
        .forEach(
            (why, cells) ->
                table.row(
                    Mark.FAIR,
                    "relayed",
                    cells.size() + " relayed",
                    "first byte " + times(cells, "firstByteMillis"),
                    why + ": " + names(cells)));
    return table.toString();
  }

  private static List<MatrixCell> with(MatrixResult result, String outcome) {
    return result.cells().stream().filter(cell -> cell.outcome().equals(outcome)).toList();
  }

  private static String why(MatrixCell cell) {
    String said = cell.fields().getOrDefault("why", "");
    return said.isEmpty() ? "nobody said why" : said;
  }

  private static Map<String, List<MatrixCell>> group(
      List<MatrixCell> cells, Function<MatrixCell, String> by) {
    return cells.stream().collect(Collectors.groupingBy(by, TreeMap::new, Collectors.toList()));
  }

  /** The median and the longest. */
  private static String times(List<MatrixCell> cells, String field) {
    List<Long> all = new ArrayList<>();
    for (MatrixCell cell : cells) {
      String text = cell.fields().getOrDefault(field, "");
      if (text.matches("[0-9]{1,9}")) {
        all.add(Long.parseLong(text));
      }
    }
    all.sort(Long::compare);
    return all.isEmpty()
        ? "-"
        : all.get((all.size() - 1) / 2) + " ms, at most " + all.get(all.size() - 1) + " ms";
  }

  private static String names(List<MatrixCell> cells) {
    String some =
        cells.stream().limit(MOST_NAMED).map(MatrixCell::name).collect(Collectors.joining(", "));
    return cells.size() > MOST_NAMED
        ? some + " and " + (cells.size() - MOST_NAMED) + " more"
        : some;
  }
}
