package dev.culvert.lab.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.matrix.MatrixCell.Status;
import dev.culvert.lab.matrix.MatrixPlan.Shape;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.world.WorldKind;
import java.io.StringReader;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The forms of a matrix for programs and browsers. */
class MatrixFormsTest {
  private static final String NASTY = "<b>\"&'\u0000]]>\ud800";

  private static MatrixCell cell(String a, String b, String outcome, String expected) {
    return new MatrixCell(
        List.of(Profile.parse(a), Profile.parse(b)),
        outcome,
        expected.isEmpty()
            ? Optional.empty()
            : Optional.of(new Theory.Expected(expected, "of " + NASTY)),
        Duration.ofMillis(1234),
        Map.of("outcome", outcome, "reason", NASTY),
        NASTY,
        List.of("0.001 a: UDP > " + NASTY),
        "culvert lab matrix reach --pair " + a + "," + b);
  }

  private static MatrixResult result() {
    return new MatrixResult(
        "reach",
        Shape.PAIRS,
        WorldKind.SIM,
        7,
        List.of(Profile.parse("prc"), Profile.parse("eim/adf/sequential:2"), Profile.parse("sym")),
        List.of(
            cell("prc", "prc", "direct", "direct"),
            cell("prc", "eim/adf/sequential:2", "unreachable", "direct"),
            cell("eim/adf/sequential:2", "sym", "direct", ""),
            cell("sym", "sym", MatrixCell.FAULT, "unreachable")),
        Duration.ofMillis(4321));
  }

  @Test
  void countsWhatCameOut() {
    MatrixResult result = result();
    assertEquals(Map.of("direct", 2L, "unreachable", 1L, "fault", 1L), result.outcomes());
    for (Status status : Status.values()) {
      assertEquals(1, result.count(status), status.name());
    }
    assertFalse(result.isRight());
    assertTrue(
        result.cell(Profile.parse("sym"), Profile.parse("eim/adf/sequential:2")).isPresent());
    assertTrue(result.cell(Profile.parse("sym"), Profile.parse("prc")).isEmpty(), "not asked for");
  }

  @Test
  void junitIsReadByAnyParser() throws Exception {
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(MatrixJunit.write(result()))));
    Element suite = (Element) document.getElementsByTagName("testsuite").item(0);
    assertEquals("4", suite.getAttribute("tests"));
    assertEquals("1", suite.getAttribute("failures"));
    assertEquals("1", suite.getAttribute("errors"));
    assertEquals("4.321", suite.getAttribute("time"));
    NodeList cases = document.getElementsByTagName("testcase");
    assertEquals(4, cases.getLength());
    Element second = (Element) cases.item(1);
    assertEquals("prc × eim/adf/sequential:2", second.getAttribute("name"));
    assertEquals("culvert.reach.sim", second.getAttribute("classname"));
    assertEquals("1.234", second.getAttribute("time"));
    Element failure = (Element) second.getElementsByTagName("failure").item(0);
    assertEquals("unreachable, but theory says direct", failure.getAttribute("message"));
    String text = failure.getTextContent();
    assertTrue(text.contains("<b>\"&'\ufffd]]>\ufffd"), text);
    assertTrue(text.contains("again: culvert lab matrix reach --pair prc,eim"), text);
    assertEquals(0, ((Element) cases.item(2)).getElementsByTagName("failure").getLength());
    assertEquals(1, ((Element) cases.item(3)).getElementsByTagName("error").getLength());
  }

  @Test
  void thePageNeedsNothingElseAndLinksToItself() {
    String page = MatrixHtml.write(result());
    assertTrue(page.startsWith("<!doctype html>"), page);
    assertFalse(page.contains("<b>"), "what came from outside is escaped");
    for (String foreign :
        List.of("<script", "<link", "src=", "@import", "url(", "http:", "https:")) {
      assertFalse(page.contains(foreign), foreign);
    }
    for (String needed : List.of("<caption>", "scope=\"col\"", "scope=\"row\"", "lang=\"en\"")) {
      assertTrue(page.contains(needed), needed);
    }
    Set<String> ids = all(page, "<article id=\"([^\"]+)\"");
    assertEquals(4, ids.size(), "an anchor for each cell");
    assertEquals(ids, all(page, "href=\"#([^\"]+)\""));
    assertTrue(page.indexOf("prc × eim") < page.lastIndexOf("prc × prc"), "what is wrong is first");
  }

  @Test
  void thePageIsWellFormed() throws Exception {
    // Void elements apart it is XML too, so that a parser proves that everything is closed.
    String xml =
        MatrixHtml.write(result())
            .replaceFirst("<!doctype html>", "")
            .replaceAll("<meta ([^>]*)>", "<meta $1/>");
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(xml)));
    assertEquals("html", document.getDocumentElement().getTagName());
    assertEquals(3 * 3 + 1, cells((Element) document.getElementsByTagName("table").item(0)));
  }

  private static int cells(Element table) {
    return table.getElementsByTagName("td").getLength();
  }

  private static Set<String> all(String page, String pattern) {
    Set<String> found = new HashSet<>();
    Matcher matcher = Pattern.compile(pattern).matcher(page);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }
}
