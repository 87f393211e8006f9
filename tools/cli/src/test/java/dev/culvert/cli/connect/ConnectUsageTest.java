package dev.culvert.cli.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import dev.culvert.cli.Run;
import dev.culvert.cli.Streams;
import dev.culvert.cli.connect.stream.FileSending;
import dev.culvert.cli.id.KeyFiles;
import dev.culvert.cli.introduce.ContactsFile;
import dev.culvert.identity.PeerKey;
import dev.culvert.rendezvous.Invite;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectUsageTest {
  private static final PeerKey SOMEBODY = PeerKey.generate(new Random(7));

  @TempDir Path folder;
  private String invite = "";
  private String own = "";

  @BeforeEach
  void key() throws Exception {
    assertEquals(0, run("id new").exitCode());
    own = KeyFiles.read(folder.resolve("peer.key")).id().toString();
    KnownNode node = KnownNode.parse("wss://127.0.0.1:1/", NodeSource.CONFIGURED);
    invite = Invite.to(SOMEBODY.id(), List.of(node), new Random(1)).text();
    Files.writeString(
        folder.resolve("contacts"), SOMEBODY.id() + "\tAnn\n" + SOMEBODY.id() + "\tAnn\n");
    Files.writeString(folder.resolve("damaged"), "# me\n\nnobody\tAnn\n");
  }

  private Run run(String line) {
    String filled =
        line.replace("PEER", SOMEBODY.id().toString())
            .replace("OWN", own)
            .replace("INVITE", invite)
            .replace("HERE", folder.toString());
    return Run.in(
        Map.of("CULVERT_KEY", folder.resolve("peer.key").toString()), false, filled.split(" "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Missing required parameter: 'PEER' | connect",
        "nobody is called 'Bob'; give an id, an invite, or --contacts | connect Bob",
        "nobody is called 'Bob'; look into the contacts | connect Bob --contacts HERE/contacts",
        "several contacts are called 'Ann'; give the id | ping Ann --contacts HERE/contacts",
        "line 3: | connect Ann --contacts HERE/damaged",
        "cannot be read; name a file as 'culvert introduce' writes it | ping Ann --contacts"
            + " HERE/no",
        "this invite is cut off; copy all of it | connect culvert://x",
        "that is this peer's own id; call somebody else | ping OWN --address 127.0.0.1",
        "nobody says where to meet; add --node wss://HOST/~ID, or give an invite | connect PEER",
        "--node http://x/: this is no URL of a node | connect PEER --node http://x/",
        "--forward 80 is no rule; write [udp:][ADDRESS:]PORT:HOST:PORT | connect INVITE --forward"
            + " 80",
        "'host' is no address of this host | connect INVITE --forward host:1:b:2",
        "port 70000 is out of range | connect INVITE --forward 70000:b:2",
        "port 0 is out of range | connect INVITE --forward udp:1:b:0",
        "--send HERE is no file that can be read | connect INVITE --send HERE",
        "are two things | connect INVITE --forward 1:b:2 --send HERE/peer.key",
        "--require indirect is nothing; write --require direct | connect INVITE --require indirect",
        "exclude each other | ping INVITE --require direct --policy relay-only",
        "exclude each other | ping INVITE --until-direct --policy relay-only",
        "'relay' is none of direct-only, prefer-direct, relay-only | perf INVITE --policy relay",
        "--wait is too long; give at most 1h | ping INVITE --wait 2h",
        "--count 0 is out of range | ping INVITE -c 0",
        "--interval is too short; give at least 10ms | ping INVITE -i 1ms",
        "--time is too long; give at most 1m | perf INVITE --time 2m",
        "--datagrams 0 is out of range | perf INVITE --datagrams 0",
        "no address of this host | ping INVITE --address 192.0.2.1",
        "--trace /no/such cannot be written | ping INVITE --address 127.0.0.1 --trace /no/such",
        "there is no such file | ping INVITE --key /no/such.key",
        "is a folder; name the file of a key | ping INVITE --key HERE",
        "nobody says where you are found; add --node wss://HOST/~ID | listen",
        "nobody may call; leave out --invite none | listen --invite none --node wss://127.0.0.1/",
        "--redact would spoil the invite | listen --redact --node wss://127.0.0.1/",
        "'twice' is none of once, many, none | listen --invite twice",
        "--invited: that invite is another peer's | listen --invited INVITE",
        "--allow-forward 80: '80' is no HOST:PORT; write [udp:]HOST:PORT | listen --allow-forward"
            + " 80",
        "is no folder that can be written to | listen --receive HERE/peer.key",
        "did you mean '--forward'? | connect INVITE --foward 1:b:2",
      })
  void whatMakesNoSenseIsRefusedInOneLine(String said, String line) {
    Run run = run(line);
    assertEquals(2, run.exitCode(), run.err());
    assertTrue(run.err().contains(said.replace("HERE", folder.toString())), run.err());
    assertEquals("", run.out());
    assertEquals(1, run.err().lines().count(), run.err());
  }

  @ParameterizedTest
  @CsvSource({
    "8080:localhost:80, 127.0.0.1, 8080, localhost:80",
    "udp:0:[2001:DB8::1]:53, 127.0.0.1, 0, udp:[2001:db8::1]:53",
    "[::1]:1:10.0.0.1:2, 0:0:0:0:0:0:0:1, 1, 10.0.0.1:2",
    "0.0.0.0:1:a:2, 0.0.0.0, 1, a:2",
    "localhost:1:a:2, 127.0.0.1, 1, a:2"
  })
  void rulesSayFromWhereAndWhereTo(String text, String address, int port, String target) {
    ForwardRule rule = ForwardRule.parse(text);
    assertEquals(address, rule.at().getAddress().getHostAddress());
    assertEquals(port, rule.at().getPort());
    assertEquals(target, rule.target().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ":", "1:2", "1:a", "a:1:2", "-1:a:2", "1:a:2:b", "1:[::1:2", "tcp:1:a:2"})
  void whatIsNoRuleIsRefused(String text) {
    assertThrows(Fault.class, () -> ForwardRule.parse(text));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 B",
    "999, 999 B",
    "999949, 999.9 kB",
    "999950, 1.0 MB",
    "9223372036854775807, 9.2 EB"
  })
  void sizesAreFigures(long bytes, String figure) {
    assertEquals(figure, ProgressLine.bytes(bytes));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void progressIsABarOnATerminalAlone(boolean terminal) {
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said);
    Console console = new Console(new Streams(writer, writer, false, terminal, true, Map.of()));
    try (ProgressLine line = new ProgressLine(console, "it.iso")) {
      line.at(FileSending.Stage.SUMMING, 2_000_000, 2_000_000);
      line.at(FileSending.Stage.SENDING, 500_000, 2_000_000);
      line.at(FileSending.Stage.SENDING, 1_000_000, 2_000_000);
    }
    String drawn = said.toString();
    assertEquals(terminal, drawn.contains("reads it.iso 100%"), drawn);
    assertEquals(terminal, drawn.contains("sends it.iso  50%"), drawn);
    assertEquals(terminal, drawn.contains("1000/2000 kB"), drawn);
    assertEquals(!terminal, drawn.isEmpty(), drawn);
  }

  @Test
  void nodesAreKeptBesideTheKey() throws Exception {
    StringWriter said = new StringWriter();
    PrintWriter writer = new PrintWriter(said);
    Console console = new Console(new Streams(writer, writer, false, false, true, Map.of()));
    Path key = folder.resolve("peer.key");
    NodesFile file = NodesFile.beside(key, console);
    assertEquals(List.of(), file.read());
    KnownNode node = KnownNode.parse("wss://node.example/~" + SOMEBODY.id(), NodeSource.CACHED);
    file.write(List.of(node));
    assertEquals(List.of(node), NodesFile.beside(key, console).read());
    assertTrue(Files.exists(folder.resolve("peer.nodes")));
    assertEquals("", said.toString());
    NodesFile nowhere = NodesFile.beside(folder.resolve("no/such.key"), console);
    nowhere.write(List.of(node));
    nowhere.write(List.of(node));
    assertEquals(1, said.toString().lines().count(), "it is told once: " + said);
  }

  @Test
  void contactsAreReadAsTheyAreWritten() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("some"),
            "# mine\n\n"
                + SOMEBODY.id()
                + "\t-\twss://a.example/\twss://b.example/~"
                + SOMEBODY.id());
    ContactsFile.Contact only = ContactsFile.read(file).get(0);
    assertEquals(SOMEBODY.id(), only.peer());
    assertEquals(Optional.empty(), only.name());
    assertEquals(
        List.of("wss://a.example/", "wss://b.example/~" + SOMEBODY.id()),
        only.nodes().stream().map(KnownNode::toString).toList());
  }
}
