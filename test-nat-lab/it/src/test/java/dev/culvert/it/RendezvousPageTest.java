package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.it.Chromium.Told;
import dev.culvert.lab.Lab;
import dev.culvert.lab.LabProcess;
import dev.culvert.lab.spec.LabSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page that was written from {@code docs/protocol.md}, in Chromium, with a node and a peer of
 * ours.
 */
class RendezvousPageTest {
  private static final Path DOCUMENTS = Path.of("../../docs").toAbsolutePath().normalize();
  private static final Pattern VECTORS = Pattern.compile("(?s)```vectors\n(.*?)```");

  @TempDir static Path folder;

  private static Lab lab;
  private static LabProcess program;
  private static Chromium browser;
  private static String node;
  private static String peer;

  @BeforeAll
  static void start() throws Exception {
    lab = Lab.up(LabSpec.builder().home("here", "open").build());
    program = lab.host("here").start(ChildJvm.java(NotesProgram.class, DOCUMENTS.toString()));
    browser = Chromium.bare(lab.host("here"), folder);
    String told = program.await(output -> output.contains("ready "), Limits.PROMPT);
    Matcher ready = Pattern.compile("(?m)^ready (\\S+) (\\S+)$").matcher(told);
    assertTrue(ready.find(), told);
    node = ready.group(1);
    peer = ready.group(2);
  }

  @AfterAll
  static void end() throws Exception {
    browser.close();
    program.close();
    lab.close();
  }

  private static void assertKind(String kind, Told told) {
    assertEquals(kind, told.kind(), told::toString);
  }

  @Test
  void itsScriptPassesTheTestVectors() throws Exception {
    RendezvousPage page = RendezvousPage.in(browser, "vectors");
    Matcher block =
        VECTORS.matcher(Files.readString(DOCUMENTS.resolve("protocol.md")).replace("\r\n", "\n"));
    assertTrue(block.find(), "no vectors");
    List<String> lines = block.group(1).lines().toList();
    String vectors =
        lines.stream()
            .map(line -> line.split(" = ", 2))
            .map(each -> RendezvousPage.quoted(each[0]) + ":" + RendezvousPage.quoted(each[1]))
            .collect(Collectors.joining(",", "{", "}"));
    int from = page.now();
    page.run(
        "import('/web/rendezvous.js').then(its => its.checkVectors("
            + vectors
            + ")).catch(fault => [String(fault)]).then(wrong =>"
            + " tell(JSON.stringify({id: 'vectors', kind: 'checked',"
            + " value: wrong.length + ' wrong ' + wrong.join()})))");
    assertEquals("0 wrong ", page.await(from, told -> told.kind().equals("checked")).value());
    assertTrue(lines.size() > 40, lines.size() + " vectors");
  }

  @Test
  void aPageAndAPeerOfOursTalk() throws Exception {
    RendezvousPage page = RendezvousPage.in(browser, "alone");
    assertKind("joined", page.connect(NotesProgram.NODE_URL, node));
    for (int i = 0; i < 2; i++) {
      String message = "Grüße, Nr. " + i;
      int from = page.now();
      assertKind("delivered", page.write(peer, message));
      Told answer = page.await(from, told -> told.kind().equals("note"));
      assertEquals(peer + " You said: " + message, answer.value());
      String heard = "heard " + page.own() + " " + i + " " + message;
      program.await(output -> output.contains(heard), Limits.PROMPT);
    }
  }

  @Test
  void whatIsAlteredOrComesAgainIsNotBelieved() throws Exception {
    RendezvousPage page = RendezvousPage.in(browser, "wary");
    assertKind("joined", page.connect(NotesProgram.NODE_URL, node));
    int from = page.now();
    assertKind("delivered", page.write(peer, "twice"));
    assertEquals(
        peer + " You said: twice", page.await(from, told -> told.kind().equals("note")).value());
    Told again = page.await(from, told -> told.kind().equals("fault"));
    assertTrue(again.value().endsWith("it was there before."), again::toString);
    from = page.now();
    assertKind("delivered", page.write(peer, "alter"));
    Told altered = page.await(from, told -> Set.of("note", "fault").contains(told.kind()));
    assertTrue(altered.value().endsWith("it cannot be opened."), altered::toString);
  }

  @Test
  void twoPagesTalk() throws Exception {
    RendezvousPage one = RendezvousPage.in(browser, "one");
    RendezvousPage other = RendezvousPage.in(browser, "other");
    int from = browser.now();
    assertKind("joined", one.connect(NotesProgram.NODE_URL, ""));
    assertKind("joined", other.connect(NotesProgram.NODE_URL, node));
    assertKind("delivered", one.write(other.own(), "Is that you?"));
    assertEquals(
        one.own() + " Is that you?", other.await(from, told -> told.kind().equals("note")).value());
    assertKind("delivered", other.write(one.own(), "It is."));
    assertEquals(
        other.own() + " It is.", one.await(from, told -> told.kind().equals("note")).value());
  }

  @Test
  void anotherNodeAndUnknownPeersAreTold() throws Exception {
    RendezvousPage page = RendezvousPage.in(browser, "careful");
    Told refused = page.connect(NotesProgram.NODE_URL, peer);
    assertKind("fault", refused);
    assertTrue(refused.value().contains("another node answers there: " + node), refused::toString);
    assertKind("joined", page.connect(NotesProgram.NODE_URL, node));
    Told unknown = page.write(node, "Hello?");
    assertKind("fault", unknown);
    assertTrue(unknown.value().contains("nobody here knows that peer"), unknown::toString);
  }
}
