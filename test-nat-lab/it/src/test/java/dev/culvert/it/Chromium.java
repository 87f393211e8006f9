package dev.culvert.it;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.lab.verb.JsonFields;
import dev.culvert.lab.LabHost;
import dev.culvert.lab.LabProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A headless Chromium on a host of a lab, with one page from a web server on the same host. It is
 * spoken with by the DevTools protocol over a pipe, since its sockets are the lab's.
 *
 * <p>Safe for any thread.
 */
final class Chromium implements AutoCloseable {
  private static final int PORT = 8080;

  /** Whatever it would do on the network of its own accord is off; there is no way out anyway. */
  private static final List<String> FLAGS =
      List.of(
          "--headless=new",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-dev-shm-usage",
          "--no-first-run",
          "--no-default-browser-check",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-component-extensions-with-background-pages",
          "--disable-default-apps",
          "--disable-domain-reliability",
          "--disable-extensions",
          "--disable-sync",
          "--disable-breakpad",
          "--metrics-recording-only",
          "--no-pings",
          "--use-fake-ui-for-media-stream",
          "--use-fake-device-for-media-stream",
          "--ignore-certificate-errors",
          "--remote-debugging-pipe");

  private final Optional<LabProcess> web;
  private final Dialogue dialogue;
  private final AtomicInteger calls;
  private Optional<String> session = Optional.empty();

  private Chromium(Optional<LabProcess> web, Dialogue dialogue, AtomicInteger calls) {
    this.web = web;
    this.dialogue = dialogue;
    this.calls = calls;
  }

  /**
   * Starts one whose page is ready to connect.
   *
   * @param folder where it may keep its things
   * @param permitted whether the page may use a microphone, so that peers are told addresses in
   *     place of names of multicast DNS, those of TCP too
   */
  static Chromium on(LabHost host, Path folder, boolean permitted) throws Exception {
    Chromium browser =
        new Chromium(Optional.of(serve(host, folder)), start(host, folder), new AtomicInteger());
    try {
      browser.open(permitted);
    } catch (Exception | AssertionError e) {
      browser.close();
      throw e;
    }
    return browser;
  }

  /** Starts one without a page; {@link #page} opens them. */
  static Chromium bare(LabHost host, Path folder) throws Exception {
    return new Chromium(Optional.empty(), start(host, folder), new AtomicInteger());
  }

  /**
   * Opens another page in the same browser, to be closed with it.
   *
   * @param before a script that runs before any of the page's
   */
  Chromium page(String url, String before) throws Exception {
    Chromium page = new Chromium(Optional.empty(), dialogue, calls);
    page.attach();
    page.call("Page.enable", Map.of());
    page.call("Page.addScriptToEvaluateOnNewDocument", Map.of("source", before));
    page.call("Page.navigate", Map.of("url", url));
    return page;
  }

  private static LabProcess serve(LabHost host, Path folder) throws Exception {
    Path page = folder.resolve(host.name() + ".http");
    try (InputStream script =
        Objects.requireNonNull(Chromium.class.getResourceAsStream("peers.js"))) {
      String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(
          page,
          "HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<!doctype html><script>"
              + text
              + "</script>");
    }
    LabProcess web =
        host.start(
            "socat",
            "TCP4-LISTEN:" + PORT + ",bind=127.0.0.1,fork,reuseaddr",
            "SYSTEM:while read -r l && [ ${#l} -gt 1 ]; do \\:; done; cat " + page);
    Eventually.until(
        "a web server on " + host.name() + ": " + web.output(),
        Limits.PROMPT,
        () -> host.run(Limits.PROMPT, "ss", "-ltnH").output().contains(":" + PORT + " "));
    return web;
  }

  private static Dialogue start(LabHost host, Path folder) throws Exception {
    String its = folder.resolve(host.name()).toString();
    List<String> words = new ArrayList<>(List.of("env", "TMPDIR=" + folder, "sh", "-c"));
    // The pipe's ends are standard input and output here, which the browser knows as 3 and 4.
    words.add("exec \"$@\" 3<&0 4>&1 >\"$0.log\" 2>&1 </dev/null");
    words.addAll(List.of(its, "chromium", "--user-data-dir=" + its));
    words.addAll(FLAGS);
    return Dialogue.with(host, '\0', words);
  }

  private void attach() throws Exception {
    Map<String, String> target = call("Target.createTarget", Map.of("url", "about:blank"));
    String id = target.getOrDefault("result.targetId", "");
    Map<String, String> attached =
        call("Target.attachToTarget", Map.of("targetId", id, "flatten", "true"));
    session = Optional.of(attached.getOrDefault("result.sessionId", ""));
    call("Runtime.enable", Map.of());
    call("Runtime.addBinding", Map.of("name", "tell"));
  }

  private void open(boolean permitted) throws Exception {
    attach();
    call("Page.navigate", Map.of("url", "http://127.0.0.1:" + PORT + "/"));
    await("", "ready");
    if (permitted) {
      run("permit()");
      await("", "permitted");
    }
  }

  /** What the page told of one of its connections. */
  record Told(String id, String kind, String value) {}

  /** Runs a line of script on the page. */
  void run(String script) throws Exception {
    Map<String, String> answer = call("Runtime.evaluate", Map.of("expression", script));
    if (answer.containsKey("result.exceptionDetails.text")) {
      throw new AssertionError(script + ": " + answer);
    }
  }

  /** The same without waiting for it. */
  void order(String script) throws IOException {
    send("Runtime.evaluate", Map.of("expression", script));
  }

  private Map<String, String> call(String method, Map<String, String> parameters) throws Exception {
    int from = dialogue.heard();
    String id = send(method, parameters);
    String answer =
        dialogue.await(
            from, "answer to " + method, line -> fields(line).getOrDefault("id", "").equals(id));
    Map<String, String> fields = fields(answer);
    if (fields.containsKey("error.message")) {
      throw new AssertionError(method + ": " + answer);
    }
    return fields;
  }

  /** The number that the answer will have. */
  private String send(String method, Map<String, String> parameters) throws IOException {
    int id = calls.incrementAndGet();
    StringWriter text = new StringWriter();
    try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
      out.writeStartObject();
      out.writeNumberField("id", id);
      out.writeStringField("method", method);
      if (session.isPresent()) {
        out.writeStringField("sessionId", session.get());
      }
      out.writeObjectFieldStart("params");
      for (Map.Entry<String, String> each : parameters.entrySet()) {
        if (each.getValue().equals("true")) {
          out.writeBooleanField(each.getKey(), true);
        } else {
          out.writeStringField(each.getKey(), each.getValue());
        }
      }
      out.writeEndObject();
      out.writeEndObject();
    }
    dialogue.say(text.toString());
    return String.valueOf(id);
  }

  /** How many messages it has sent by now. */
  int now() {
    return dialogue.heard();
  }

  /** What is told with that number. */
  Told told(int number) {
    return told(dialogue.message(number)).orElseThrow();
  }

  /** The number of the first thing told of a connection at or after {@code from}, if it comes. */
  Optional<Integer> find(int from, String id, Predicate<Told> wanted, Duration limit)
      throws InterruptedException {
    return dialogue.find(
        from,
        line -> told(line).filter(its -> its.id().equals(id)).filter(wanted).isPresent(),
        limit);
  }

  private void await(String id, String kind) throws InterruptedException {
    if (find(0, id, its -> its.kind().equals(kind), Limits.PROMPT).isEmpty()) {
      throw new AssertionError("not " + kind + ": " + this);
    }
  }

  private static Optional<Told> told(String line) {
    Map<String, String> fields = fields(line);
    if (!"Runtime.bindingCalled".equals(fields.get("method"))) {
      return Optional.empty();
    }
    Map<String, String> its = fields(fields.getOrDefault("params.payload", "{}"));
    return Optional.of(
        new Told(
            its.getOrDefault("id", ""),
            its.getOrDefault("kind", ""),
            its.getOrDefault("value", "")));
  }

  private static Map<String, String> fields(String json) {
    try {
      return JsonFields.read(json);
    } catch (IOException e) {
      throw new AssertionError(json, e);
    }
  }

  @Override
  public String toString() {
    return dialogue.toString();
  }

  @Override
  public void close() {
    dialogue.close();
    web.ifPresent(LabProcess::close);
  }
}
