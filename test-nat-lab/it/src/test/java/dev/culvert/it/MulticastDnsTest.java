package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Culvert;
import dev.culvert.lab.LabProcess;
import dev.culvert.lab.host.LabDatagram;
import dev.culvert.lab.host.LabSocket;
import dev.culvert.lab.host.TestHost;
import dev.culvert.lab.junit.Host;
import dev.culvert.lab.junit.NatLab;
import dev.culvert.lab.junit.Worlds;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names of a link (RFC 6762) between hosts of one home, and what others learn of them: nothing. */
@NatLab(
    homes = {"a=prc", "b=same:a", "c=full"},
    world = Worlds.KERNEL)
class MulticastDnsTest {
  private static final String NAME = "1f4712db-ea17-4bcf-a596-105139dfd8bf.local";
  private static final int MOST_ASKED = 20;
  private static final String OTHER = "0c3b1a2e-8f4d-4b8e-9d67-2f7f4a2f1c55.local";

  private static void tell(LabProcess program, String line) throws Exception {
    program.input().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    program.input().flush();
  }

  private static String await(LabProcess program, String prefix) throws Exception {
    String all = program.await(output -> output.contains(prefix), Limits.PROMPT);
    program.await(output -> output.indexOf('\n', all.indexOf(prefix)) > 0, Limits.PROMPT);
    return program.lines().stream().filter(line -> line.startsWith(prefix)).findFirst().orElse("");
  }

  private static LabProcess names(TestHost host) throws Exception {
    LabProcess program = host.java(NamesProgram.class);
    await(program, "ready");
    return program;
  }

  @Test
  void neighboursLearnTheAddressAndOthersNothing(
      @Host("a") TestHost a, @Host("b") TestHost b, @Host("c") TestHost c) throws Exception {
    String ipv4 = IpLiterals.format(a.ipv4(), false);
    String ipv6 = IpLiterals.format(a.ipv6(), false);
    LabProcess publisher = names(a);
    tell(publisher, "publish 1 " + NAME + " " + ipv4);
    tell(publisher, "publish 2 " + OTHER + " " + ipv6);
    assertEquals("published 1", await(publisher, "published 1"));
    assertEquals("published 2", await(publisher, "published 2"));
    LabProcess neighbour = names(b);
    LabProcess stranger = names(c);
    tell(neighbour, "ask 1 " + NAME);
    tell(neighbour, "ask 2 " + OTHER + ".");
    tell(stranger, "ask 1 " + NAME);
    tell(publisher, "ask 5 " + NAME);
    assertEquals("answer 1 [" + ipv4 + "]", await(neighbour, "answer 1"));
    assertEquals("answer 2 [" + ipv6 + "]", await(neighbour, "answer 2"));
    assertEquals("answer 5 [" + ipv4 + "]", await(publisher, "answer 5"));
    assertEquals(
        "answer 1 nobody on the local network answers for " + NAME, await(stranger, "answer 1"));
    tell(publisher, "close 1");
    tell(publisher, "publish 3 " + NAME + " 192.0.2.77");
    assertTrue(await(publisher, "refused 3").contains("no interface"));
    tell(neighbour, "ask 3 " + NAME);
    assertEquals(
        "answer 3 nobody on the local network answers for " + NAME, await(neighbour, "answer 3"));
    assertServicesAreFoundOnTheLinkAlone(publisher, neighbour, stranger, ipv4);
    tell(publisher, "end");
    await(publisher, "over");
    assertEquals(0, publisher.awaitExit(Limits.PROMPT));
  }

  private static void assertServicesAreFoundOnTheLinkAlone(
      LabProcess publisher, LabProcess neighbour, LabProcess stranger, String ip) throws Exception {
    tell(publisher, "announce 6 one " + ip);
    assertEquals("published 6", await(publisher, "published 6"));
    for (LabProcess each : new LabProcess[] {neighbour, stranger, publisher}) {
      tell(each, "browse 7 _culvert._tcp");
    }
    String one = "answer 7 [one:8443[id=one][" + ip + "]]";
    assertEquals(one, await(neighbour, "answer 7"));
    assertEquals(one, await(publisher, "answer 7"));
    assertEquals("answer 7 NotFound[]", await(stranger, "answer 7"));
    tell(publisher, "close 6");
    tell(publisher, "publish 8 last.local " + ip);
    assertEquals("published 8", await(publisher, "published 8"));
    tell(neighbour, "browse 9 _culvert._tcp");
    assertEquals("answer 9 NotFound[]", await(neighbour, "answer 9"));
  }

  /** A whole node, with TLS; it listens on all addresses of its host. */
  @Test
  void aNodeNextDoorIsFound(@Host("a") TestHost a, @Host("b") TestHost b, @TempDir Path folder)
      throws Exception {
    String state = folder.resolve("node.key").toString();
    LabProcess node =
        a.java(
            Culvert.class,
            "node",
            "--listen",
            "127.0.0.1:0",
            "--tls-listen",
            "0.0.0.0:8443",
            "--rendezvous",
            "--rendezvous-local",
            "--rendezvous-url",
            "wss://node.example/",
            "--identity",
            state);
    LabProcess asking = names(b);
    String ready = await(node, "ready stun");
    String id = ready.replaceAll("(?s).* rendezvous id=(\\w+).*", "$1");
    // It is ready before its name is its own (RFC 6762 §8.1), so whoever asks that early asks
    // again.
    String answer = "NotFound[]";
    for (int asked = 1; asked <= MOST_ASKED && answer.equals("NotFound[]"); asked++) {
      tell(asking, "browse " + asked + " _culvert._tcp");
      answer = await(asking, "answer " + asked + " ").replaceFirst("answer [0-9]+ ", "");
    }
    assertEquals(
        "[" + id + ":8443[id=" + id + ", path=/rdv][" + IpLiterals.format(a.ipv4(), false) + "]]",
        answer);
  }

  /** Against bytes that were written by hand from RFC 1035 §4.1 and RFC 6762 §6.7 and §18. */
  @Test
  void aPlainDnsClientOfTheLinkIsAnsweredAndOneElsewhereIsNot(
      @Host("a") TestHost a, @Host("b") TestHost b, @Host("c") TestHost c) throws Exception {
    LabProcess publisher = names(a);
    tell(publisher, "publish 1 abc.local 192.168.1.2");
    assertEquals("published 1", await(publisher, "published 1"));
    String question = "03616263056c6f63616c0000010001";
    Bytes query = Bytes.hex("123400000001000000000000" + question);
    Bytes answer =
        Bytes.hex("123484000001000100000000" + question + question + "0000000a0004c0a80102");
    TransportAddress group =
        new TransportAddress(IpLiterals.parse("224.0.0.251").orElseThrow(), 5353);
    TransportAddress responder = new TransportAddress(a.ipv4(), 5353);
    try (LabSocket near = b.udp();
        LabSocket far = c.udp()) {
      near.send(query, group);
      LabDatagram heard = near.receive(Limits.PROMPT).orElseThrow();
      assertEquals(new LabDatagram(answer, responder), heard);
      near.send(query, responder);
      assertEquals(answer, near.receive(Limits.PROMPT).orElseThrow().payload());
      far.send(query, group);
      tell(publisher, "close 1");
      tell(publisher, "publish 2 other.local 192.168.1.2");
      assertEquals("published 2", await(publisher, "published 2"));
      near.send(query, group);
      near.send(Bytes.hex("123500000001000000000000056f74686572056c6f63616c0000010001"), group);
      LabDatagram other = near.receive(Limits.PROMPT).orElseThrow();
      assertEquals(0x1235, other.payload().uint16(0));
      assertEquals(Optional.empty(), far.receive(Duration.ofMillis(1)));
    }
    tell(publisher, "counts");
    assertEquals("malformed 0 foreign 0", await(publisher, "malformed"));
  }

  @Test
  void aResponderOfSomebodyElseIsHeard(@Host("a") TestHost a, @Host("b") TestHost b)
      throws Exception {
    try (LabSocket responder = a.udp(5353)) {
      LabProcess asking = names(b);
      tell(asking, "ask 1 abc.local");
      String record = "03616263056c6f63616c0000018001000000780004c0a801";
      TransportAddress group =
          new TransportAddress(IpLiterals.parse("224.0.0.251").orElseThrow(), 5353);
      LabSocket elsewhere = a.udp();
      for (int i = 0; i < 30 && !asking.output().contains("answer 1"); i++) {
        // From another port than 5353 it is nobody's answer.
        elsewhere.send(Bytes.hex("000084000000000100000000" + record + "4d"), group);
        responder.send(Bytes.hex("000084000000000100000000" + record + "09"), group);
        responder.receive(Duration.ofMillis(200));
      }
      assertEquals("answer 1 [192.168.1.9]", await(asking, "answer 1"));
    }
  }

  @Test
  void whereThePortIsTakenNamesAreAskedForButNotPublished(
      @Host("a") TestHost a, @Host("b") TestHost b) throws Exception {
    LabProcess publisher = names(a);
    tell(publisher, "publish 1 abc.local 192.168.1.2");
    assertEquals("published 1", await(publisher, "published 1"));
    try (LabSocket taken = b.udp(5353)) {
      LabProcess other = names(b);
      tell(other, "publish 1 other.local 192.168.1.3");
      assertTrue(await(other, "refused 1").contains("already in use"));
      tell(other, "ask 2 abc.local");
      assertEquals("answer 2 [192.168.1.2]", await(other, "answer 2"));
      assertFalse(taken.isClosed());
    }
  }
}
