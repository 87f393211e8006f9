package dev.culvert.it;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.culvert.it.Chromium.Told;
import java.util.Optional;
import java.util.function.Predicate;

/** {@code docs/web/rendezvous.html} in a browser, used as people use it. */
final class RendezvousPage {
  private final Chromium tab;
  private final String id;
  private final String own;

  private RendezvousPage(Chromium tab, String id, String own) {
    this.tab = tab;
    this.id = id;
    this.own = own;
  }

  /**
   * Opens it.
   *
   * @param id no other page of this browser has it
   */
  static RendezvousPage in(Chromium browser, String id) throws Exception {
    int from = browser.now();
    String listen =
        "addEventListener('rendezvous', event => { const {kind, text, about} = event.detail;"
            + " tell(JSON.stringify({id: '"
            + id
            + "', kind, value: about + ' ' + text})); })";
    Chromium tab = browser.page(NotesProgram.PAGE_URL, listen);
    int ready =
        tab.find(from, id, told -> told.kind().equals("ready"), Limits.PROMPT)
            .orElseThrow(() -> new AssertionError("no page: " + tab));
    return new RendezvousPage(tab, id, tab.told(ready).value().split(" ", 2)[0]);
  }

  /** The id of its peer. */
  String own() {
    return own;
  }

  int now() {
    return tab.now();
  }

  /** Connects it, and waits for what comes of it. */
  Told connect(String url, String node) throws Exception {
    int from = now();
    fill("url", url);
    fill("node", node);
    tab.run("document.getElementById('connect').click()");
    return await(from, told -> told.kind().equals("joined") || told.kind().equals("fault"));
  }

  /** Says something, and waits for what comes of it. */
  Told write(String to, String message) throws Exception {
    int from = now();
    fill("to", to);
    fill("message", message);
    tab.run("document.getElementById('send').click()");
    return await(from, told -> told.kind().equals("delivered") || told.kind().equals("fault"));
  }

  /** The first thing at or after {@code from} that is wanted. */
  Told await(int from, Predicate<Told> wanted) throws Exception {
    Optional<Integer> at = tab.find(from, id, wanted, Limits.PROMPT);
    return tab.told(at.orElseThrow(() -> new AssertionError(id + " tells no such thing: " + tab)));
  }

  /** What the script tells as {@code kind}, which has to come by {@code tell}. */
  void run(String script) throws Exception {
    tab.run(script);
  }

  private void fill(String field, String value) throws Exception {
    tab.run("document.getElementById('" + field + "').value = " + quoted(value));
  }

  static String quoted(String text) {
    return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
