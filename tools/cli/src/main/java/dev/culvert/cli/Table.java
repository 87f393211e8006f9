package dev.culvert.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Lines in columns, each begun by a mark. Confined to one thread. */
public final class Table {
  private final Style style;
  private final List<Mark> marks = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  /** An empty table. */
  public Table(Style style) {
    this.style = style;
  }

  /** Adds a line; the last cell may be of any length. */
  public void row(Mark mark, String... cells) {
    marks.add(mark);
    rows.add(Arrays.stream(cells).map(style::redacted).toList());
  }

  /** The lines, without a final line break. */
  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      List<String> row = rows.get(i);
      StringBuilder line = new StringBuilder(style.mark(marks.get(i)));
      for (int column = 0; column < row.size(); column++) {
        String cell = row.get(column);
        line.append(column == 0 ? " " : "  ").append(cell);
        if (column < row.size() - 1) {
          line.append(" ".repeat(width(column) - cell.length()));
        }
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
