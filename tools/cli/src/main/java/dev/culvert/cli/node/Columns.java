package dev.culvert.cli.node;

import dev.culvert.cli.Style;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Lines in columns. Confined to one thread. */
final class Columns {
  private final Style style;
  private final List<List<String>> rows = new ArrayList<>();

  Columns(Style style) {
    this.style = style;
  }

  void row(String... cells) {
    rows.add(Arrays.stream(cells).map(style::redacted).toList());
  }

  /** The lines, without a final line break. */
  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        String cell = row.get(column);
        line.append(column == 0 ? "" : "  ").append(cell);
        line.append(" ".repeat(Math.max(0, width(column) - cell.length())));
      }
      lines.add(line.toString().stripTrailing());
    }
    return String.join(System.lineSeparator(), lines);
  }

  private int width(int column) {
    return rows.stream()
        .filter(row -> row.size() > column)
        .mapToInt(row -> row.get(column).length())
        .max()
        .orElse(0);
  }
}
