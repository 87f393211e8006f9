package dev.culvert.lab.matrix;

import dev.culvert.lab.matrix.MatrixCell.Status;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * A matrix as JUnit XML, in the elements that Jenkins and GitLab both read: {@code testsuites},
 * {@code testsuite}, {@code properties}, {@code testcase}, {@code failure}, {@code error}, {@code
 * system-out}.
 *
 * <p>A cell is a test case: its class name holds verb and world, its name the profiles. One that is
 * not as theory says is a failure, one whose verb could not be run an error; one that theory says
 * nothing of passes.
 */
public final class MatrixJunit {
  private final XMLStreamWriter out;

  private MatrixJunit(XMLStreamWriter out) {
    this.out = out;
  }

  /** The document. */
  public static String write(MatrixResult result) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter out = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
      new MatrixJunit(out).document(result);
      out.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a string takes whatever is written", e);
    }
    return text + "\n";
  }

  private void document(MatrixResult result) throws XMLStreamException {
    out.writeStartDocument("UTF-8", "1.0");
    out.writeCharacters("\n");
    open(0, "testsuites");
    counts(result);
    open(1, "testsuite");
    attribute("name", suite(result));
    counts(result);
    attribute("skipped", "0");
    open(2, "properties");
    property("world", result.world().code());
    property("seed", String.valueOf(result.seed()));
    property("verb", result.verb());
    close(2);
    for (MatrixCell cell : result.cells()) {
      testCase(result, cell);
    }
    close(1);
    close(0);
    out.writeEndDocument();
  }

  private void counts(MatrixResult result) throws XMLStreamException {
    attribute("tests", String.valueOf(result.cells().size()));
    attribute("failures", String.valueOf(result.count(Status.UNEXPECTED)));
    attribute("errors", String.valueOf(result.count(Status.FAULT)));
    attribute("time", seconds(result.elapsed()));
  }

  private void testCase(MatrixResult result, MatrixCell cell) throws XMLStreamException {
    open(2, "testcase");
    attribute("classname", suite(result));
    attribute("name", cell.name());
    attribute("time", seconds(cell.time()));
    if (cell.status() == Status.UNEXPECTED) {
      Theory.Expected expected = cell.expected().orElseThrow();
      String message = cell.outcome() + ", but theory says " + expected.outcome();
      problem("failure", message, expected.outcome() + " because " + expected.why(), cell);
    } else if (cell.status() == Status.FAULT) {
      problem("error", "the verb could not be run", "", cell);
    }
    open(3, "system-out");
    text(cell.outcome() + "\n" + cell.detail());
    for (String line : cell.trace()) {
      text("\n" + line);
    }
    out.writeEndElement();
    close(2);
  }

  private void problem(String element, String message, String theory, MatrixCell cell)
      throws XMLStreamException {
    open(3, element);
    attribute("message", message);
    attribute("type", element.equals("failure") ? "unexpected" : "fault");
    text((theory.isEmpty() ? "" : theory + "\n") + cell.detail() + "\nagain: " + cell.rerun());
    out.writeEndElement();
  }

  private static String suite(MatrixResult result) {
    return "culvert." + result.verb() + "." + result.world().code();
  }

  private void property(String name, String value) throws XMLStreamException {
    indent(3);
    out.writeEmptyElement("property");
    attribute("name", name);
    attribute("value", value);
  }

  private void open(int depth, String element) throws XMLStreamException {
    if (depth > 0) {
      indent(depth);
    }
    out.writeStartElement(element);
  }

  private void close(int depth) throws XMLStreamException {
    indent(depth);
    out.writeEndElement();
  }

  private void indent(int depth) throws XMLStreamException {
    out.writeCharacters("\n" + "  ".repeat(depth));
  }

  private void attribute(String name, String value) throws XMLStreamException {
    out.writeAttribute(name, printable(value));
  }

  private void text(String value) throws XMLStreamException {
    out.writeCharacters(printable(value));
  }

  /** What XML 1.0 can hold; the writer escapes the rest but not what no escape can save. */
  static String printable(String text) {
    StringBuilder kept = new StringBuilder();
    text.codePoints()
        .map(
            c ->
                c == '\n'
                        || c == '\t'
                        || (c >= 0x20 && c <= 0xd7ff)
                        || (c >= 0xe000 && c <= 0xfffd)
                        || c >= 0x10000
                    ? c
                    : 0xfffd)
        .forEach(kept::appendCodePoint);
    return kept.toString();
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%s", BigDecimal.valueOf(time.toMillis(), 3));
  }
}
