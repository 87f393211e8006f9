package dev.culvert.cli.node;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node says of a file that it cannot understand; it never starts with one. */
class ConfigFileTest {
  @TempDir private Path folder;
  private Path file = Path.of("node.yaml");

  @BeforeEach
  void inTheFolder() {
    file = folder.resolve("node.yaml");
  }

  private Run node(String text) throws IOException {
    Files.writeString(file, text);
    return run();
  }

  private Run run() {
    return Run.of("node", "check-config", "--config", file.toString());
  }

  /** The lines of a refusal, each without what all have. */
  private List<String> refusal(Run run) {
    assertEquals(2, run.exitCode(), run.err());
    assertEquals("", run.out());
    String start = "culvert node check-config: " + file;
    assertTrue(run.err().lines().allMatch(line -> line.startsWith(start)), run.err());
    return run.err().lines().map(line -> line.substring(start.length())).toList();
  }

  static Stream<Arguments> files() {
    return Stream.of(
        Arguments.of("listn: 1", ":1: there is no key 'listn'; did you mean 'listen'?"),
        Arguments.of("\n--relay: 1", ":2: there is no key '--relay'; did you mean 'relay'?"),
        Arguments.of(
            "relay_ports: 1-2", ":1: there is no key 'relay_ports'; did you mean 'relay-p"),
        Arguments.of("config: x", ":1: there is no key 'config'; "),
        Arguments.of("<<: {drain: 1}", ":1: there is no key '<<'; "),
        Arguments.of("relay:\n  ports: 1-2", ":2: relay is not a group of keys; write relay-ports"),
        Arguments.of("user:\n- me: x", ":2: user is not a group of keys; write its value, in quo"),
        Arguments.of("user: {}", ":1: user is not a group of keys; "),
        Arguments.of("drain: [1, 2]", ":1: drain takes one value; write it without a list"),
        Arguments.of("user: [[a, b]]", ":1: user: a list within a list; write one list"),
        Arguments.of("drain:", ":1: drain has no value; write one, or leave the key out"),
        Arguments.of("user: [a:b, ~]", ":1: user has no value; "),
        Arguments.of("drain: soon", ":1: drain: 'soon' is no whole number; "),
        Arguments.of("relay: perhaps", ":1: relay: 'perhaps' is neither true nor false; "),
        Arguments.of("limit-lifetime: 1y", ":1: limit-lifetime: '1y' is no duration; write sec"),
        Arguments.of("output: xml", ":1: output: 'xml' is none of text, json, yaml; "),
        Arguments.of("drain: 1\n\ndrain: 2", ":3: drain stands already at "),
        Arguments.of("drain: &a 1", ":1: drain: anchors, aliases and tags are not understood; "),
        Arguments.of("user: &a [b]", ":1: user: anchors, aliases and tags are not understood; "),
        Arguments.of("drain: !!str 1", ":1: drain: anchors, aliases and tags are not "),
        Arguments.of("cert: !x y", ":1: cert: anchors, aliases and tags are not understood; "),
        Arguments.of("drain: 1\n---\nthreads: 1", ":3: a second document begins; "),
        Arguments.of("user:\n\t- a:b", ":2: a tab stands before the text; indent with spaces"),
        Arguments.of("realm: a: b", ":1: this is not YAML: mapping values are not allowed here; "),
        Arguments.of("user: [a:b", ":1: this is not YAML: expected ',' or ']'"),
        Arguments.of("realm: @home", ":1: this is not YAML: found character '@' that cannot"),
        Arguments.of("realm: a\u0000b", ":1: this is not YAML: special characters are not allowed"),
        Arguments.of("- drain", ":1: here should be a key; write lines such as 'listen: 0.0.0.0'"),
        Arguments.of("hello", ":1: here should be a key; "),
        Arguments.of("? [a, b]\n: c", ":1: this is not YAML: "),
        Arguments.of("", " is empty; "),
        Arguments.of("\n \n", " is empty; "));
  }

  @ParameterizedTest
  @MethodSource("files")
  void refusesInOneLineWithItsPlace(String text, String said) throws IOException {
    List<String> lines = refusal(node(text));
    assertEquals(1, lines.size(), lines.toString());
    assertTrue(lines.get(0).startsWith(said), lines.toString());
    assertTrue(lines.get(0).length() < 300, lines.toString());
  }

  @Test
  void aNodeDoesNotStartWithIt() throws IOException {
    Files.writeString(file, "lisen: 127.0.0.1:0\n");
    Run run = Run.of("node", "--config", file.toString(), "--listen", "127.0.0.1:0");
    assertEquals(2, run.exitCode());
    assertEquals(
        "culvert node: " + file + ":1: there is no key 'lisen'; did you mean 'listen'?",
        run.err().strip());
  }

  @Test
  void tellsAllFaultsAtOnce() throws IOException {
    assertEquals(
        List.of(
            ":1: there is no key 'lisen'", ":4: there is no key 'x'", ":2: drain: 'a' is no who"),
        refusal(node("lisen: 1\ndrain: a\nthreads: 3\nx: [1]\n")).stream()
            .map(line -> line.replaceFirst("(no key '[^']*'|no who).*", "$1"))
            .toList());
  }

  @Test
  void tellsTheLineOfAValueThatMakesNoSense() throws IOException {
    Files.writeString(
        file, "relay: on\nallow-peer:\n  - 10.0.0.0/8\n  - 10.0.0.0/33\nthreads: 0\n");
    assertEquals(
        List.of(
            ":5: --threads 0 is out of range; write 1 to 256",
            ":4: --allow-peer 10.0.0.0/33 is no range of addresses; write it as 10.0.0.0/8, fd00::/8"
                + " or 192.0.2.1"),
        refusal(run()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit-burst: 0", "limit-idle: 0", "limit-ipv6-prefix: 7"})
  void tellsTheLineOfALimitOutOfRange(String line) throws IOException {
    String key = line.substring(0, line.indexOf(':'));
    assertTrue(refusal(node("\n" + line)).get(0).startsWith(":2: --" + key + ": "));
  }

  @Test
  void aLoneOptionOfTheRelayIsRefusedWhereverItStands() throws IOException {
    String said = ": --realm without --relay; add --relay, or leave it out";
    assertEquals(List.of(":1" + said), refusal(node("realm: r")));
    Files.writeString(file, "drain: 1\n");
    Run byVariable =
        Run.in(
            Map.of("CULVERT_NODE_REALM", "r"),
            false,
            "node",
            "check-config",
            "--listen",
            "127.0.0.1:0");
    assertEquals("culvert node check-config: CULVERT_NODE_REALM" + said, byVariable.err().strip());
    assertEquals(2, byVariable.exitCode());
  }

  @Test
  void whoeverTurnsTheRelayOffMayKeepItsOptions() throws IOException {
    Files.writeString(file, "relay: true\nrealm: r\nlimit-permissions: 3\n");
    Run run = Run.of("node", "check-config", "--config", file.toString(), "--no-relay");
    assertEquals(0, run.exitCode(), run.err());
  }

  @Test
  void aParsersQuotationOfASecretIsNotShown() throws IOException {
    List<String> lines = refusal(node("auth-secret: hunter2: x\n"));
    assertFalse(lines.toString().contains("hunter2"), lines.toString());
  }

  @Test
  void refusesWhatIsNoText() throws IOException {
    Files.write(file, "drain: 1\nrealm: K\u00f6ln\n".getBytes(ISO_8859_1));
    assertEquals(List.of(":2: that is no UTF-8 text; store the file as UTF-8"), refusal(run()));
    Files.write(file, "drain: 1\n".getBytes(UTF_16));
    assertTrue(refusal(run()).get(0).contains("no UTF-8 text"));
  }

  @Test
  void aByteOrderMarkDoesNoHarm() throws IOException {
    Files.write(file, "\ufeffdrain: 1\nrealm: K\u00f6ln\nrelay: true\n".getBytes(UTF_8));
    Run run = Run.of("node", "check-config", "--config", file.toString());
    assertEquals(0, run.exitCode(), run.err());
  }

  @Test
  void refusesAHugeFileAFolderAndNone() throws IOException {
    Files.writeString(file, "# ".repeat(600_000));
    assertEquals(List.of(" is larger than 1 MiB; name a configuration file"), refusal(run()));
    Files.delete(file);
    assertEquals(List.of(": there is no such file; check what --config names"), refusal(run()));
    Files.createDirectory(file);
    assertEquals(List.of(" is a folder; name the file in it"), refusal(run()));
  }

  @Test
  void aBombOfAliasesIsRefusedAtItsFirstAnchor() throws IOException {
    StringBuilder bomb = new StringBuilder("user: &a0 [x, x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("drain: &a").append(i).append(" [*a").append(i - 1).append("]\n");
    }
    List<String> lines = refusal(node(bomb.toString()));
    assertTrue(lines.get(0).contains("anchors, aliases and tags"), lines.toString());
  }

  @Test
  void deepNestingIsRefused() throws IOException {
    List<String> lines = refusal(node("user: " + "[".repeat(50_000)));
    assertTrue(lines.get(0).startsWith(":1: "), lines.get(0));
    assertTrue(lines.size() <= 2, lines.toString());
  }

  @Test
  void neverStumblesOverAFileThatWasDamaged() throws IOException {
    String whole =
        """
        # a relay
        listen: ["127.0.0.1:0", 127.0.0.2:0]
        relay: yes
        auth-secret:
          - 'one'
        realm: |
          example.org
        drain: 5 # seconds
        """;
    String signs = "\t\n :-[]{}&*!|>'\"%@`#,?~\u0000\ufeff=/n0.";
    long seed = 20260301;
    Random random = new Random(seed);
    for (int round = 0; round < 60; round++) {
      StringBuilder text = new StringBuilder(whole);
      for (int i = random.nextInt(4); i >= 0; i--) {
        int from = random.nextInt(text.length());
        int to = Math.min(text.length(), from + random.nextInt(6));
        String piece = random.nextBoolean() ? text.substring(from, to) : "";
        int sign = random.nextInt(signs.length());
        text.replace(from, to, piece + signs.substring(sign, sign + 1));
      }
      Run run = node(text.toString());
      String told = "seed " + seed + ", round " + round + ": " + run.err() + "\n" + text;
      assertTrue(run.exitCode() == 0 || run.exitCode() == 2, told);
      assertFalse(run.err().contains("Exception"), told);
    }
  }
}
