package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.culvert.lab.LabHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A libnice agent on a host of a lab: {@code nice-peer.c}. */
final class NiceAgent implements IceParty {
  /** It knows no more numbers. */
  private static final int MOST = 65_536;

  private final Dialogue dialogue;
  private int told;
  private String partner = "";
  private volatile boolean restarting;

  private NiceAgent(Dialogue dialogue) {
    this.dialogue = dialogue;
  }

  /** Compiles the program around libnice into {@code folder}. */
  static Path build(Path folder) throws Exception {
    Child flags = Child.run(30, List.of("pkg-config", "--cflags", "--libs", "nice", "glib-2.0"));
    assertEquals(0, flags.exitCode(), flags.output());
    return CSource.compile("nice-peer", folder, List.of(flags.output().strip().split("\\s+", -1)));
  }

  /**
   * Starts one, which begins to gather.
   *
   * @param options as the program says
   */
  static NiceAgent on(LabHost host, Path program, List<String> options) throws Exception {
    List<String> words = new ArrayList<>(List.of(program.toString()));
    words.addAll(options);
    return new NiceAgent(Dialogue.with(host, '\n', words));
  }

  @Override
  public Optional<Signal> next(Duration limit) throws Exception {
    Optional<Integer> at =
        dialogue.find(
            told, line -> line.matches("[0-9.]+ (credentials .*|candidate .*|gathered)"), limit);
    if (at.isEmpty()) {
      return Optional.empty();
    }
    told = at.get() + 1;
    String[] words = dialogue.message(at.get()).split(" ", 4);
    if (words[1].equals("credentials")) {
      String lines = "a=ice-ufrag:" + words[2] + "\r\na=ice-pwd:" + words[3] + "\r\n";
      return Optional.of(new Signal.Description(lines + "a=ice-options:trickle\r\n"));
    }
    if (words[1].equals("gathered")) {
      return Optional.of(new Signal.End());
    }
    String candidate = dialogue.message(at.get()).replaceFirst(".* a=candidate:", "candidate:");
    return Optional.of(new Signal.NewCandidate(candidate));
  }

  @Override
  public void hear(Signal signal) throws IOException {
    if (signal instanceof Signal.Description description) {
      String credentials = description.value("ice-ufrag") + " " + description.value("ice-pwd");
      if (!partner.isEmpty() && !partner.equals(credentials) && !restarting) {
        dialogue.say("restart");
      }
      restarting = false;
      partner = credentials;
      dialogue.say("credentials " + credentials);
      for (String line : description.sdp().lines().toList()) {
        if (line.startsWith("a=candidate:")) {
          dialogue.say("candidate " + line);
        }
      }
    } else if (signal instanceof Signal.NewCandidate candidate) {
      dialogue.say("candidate a=" + candidate.line());
    } else {
      dialogue.say("gathered");
    }
  }

  @Override
  public void restart() throws IOException {
    restarting = true;
    dialogue.say("restart");
  }

  /** Tells it something else of what the program understands. */
  void tell(String line) throws IOException {
    dialogue.say(line);
  }

  /** Has it wait for enough of the flow that comes from now on. */
  void expect() throws IOException {
    dialogue.say("expect " + Flow.ENOUGH + " " + Flow.BYTES);
  }

  /** The same, and has it send one. */
  void flow() throws IOException {
    expect();
    dialogue.say("send " + MOST + " " + Flow.BYTES + " 5");
  }

  /** Waits for enough different datagrams of a flow, and no other. */
  void awaitFlow(int from) throws Exception {
    assertEquals("received " + Flow.ENOUGH + " wrong 0", await(from, "received "), this::toString);
  }

  /** How many lines it has written by now. */
  int now() {
    return dialogue.heard();
  }

  /** The first line at or after {@code from} that begins so, without its time. */
  String await(int from, String beginning) throws Exception {
    String line =
        dialogue.await(
            from,
            "'" + beginning + "'",
            text -> text.matches("[0-9.]+ .*") && plain(text).startsWith(beginning));
    return plain(line);
  }

  /** All lines that begin so, without their times. */
  List<String> all(String beginning) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < dialogue.heard(); i++) {
      String line = plain(dialogue.message(i));
      if (line.startsWith(beginning)) {
        lines.add(line);
      }
    }
    return lines;
  }

  private static String plain(String line) {
    return line.substring(line.indexOf(' ') + 1);
  }

  @Override
  public String toString() {
    return dialogue.toString();
  }

  @Override
  public void close() {
    dialogue.close();
  }
}
