package dev.culvert.cli.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Golden;
import dev.culvert.cli.Run;
import dev.culvert.cli.lab.verb.JsonFields;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IceExplainCommandTest {
  private static final String RELAYED =
      """
      {"at":0,"kind":"begin","schema":"culvert.ice-trace/1","role":"controlling","policy":"prefer-direct"}
      {"at":0,"kind":"server","server":"stun.example.org:3478","use":"stun","address":"192.0.2.1:3478"}
      {"at":0,"kind":"server","server":"stun.example.net:3478","use":"stun","address":"192.0.2.2:3478"}
      {"at":0,"kind":"server","server":"turn:relay.example.org","use":"relay","transport":"udp","address":"192.0.2.3:3478"}
      {"at":1.5,"kind":"bound","interface":"eth0","address":"10.0.0.2:4000"}
      {"at":1.5,"kind":"candidate","type":"host","protocol":"udp","address":"10.0.0.2:4000","priority":2130706431,"base":"10.0.0.2:4000","tookMillis":0}
      {"at":32.5,"kind":"answered","server":"stun.example.org:3478","from":"10.0.0.2","mapped":"203.0.113.7:61000","tookMillis":31}
      {"at":32.5,"kind":"candidate","type":"srflx","protocol":"udp","address":"203.0.113.7:61000","priority":1694498815,"base":"10.0.0.2:4000","server":"stun.example.org:3478","tookMillis":31}
      {"at":70,"kind":"answered","server":"turn:relay.example.org","from":"10.0.0.2","mapped":"203.0.113.7:61002","tookMillis":68}
      {"at":70,"kind":"candidate","type":"relay","protocol":"udp","address":"192.0.2.3:50000","priority":16777215,"base":"192.0.2.3:50000","server":"turn:relay.example.org","tookMillis":68}
      {"at":901.5,"kind":"answered","server":"stun.example.net:3478","from":"10.0.0.2","mapped":"203.0.113.7:61001","tookMillis":900}
      {"at":901.5,"kind":"gathered","tookMillis":901.5}
      {"at":901.5,"kind":"described","side":"own","candidates":4,"complete":true,"lite":false}
      {"at":8000,"kind":"described","side":"peer","candidates":2,"complete":true,"lite":false}
      {"at":8000,"kind":"remote","type":"srflx","protocol":"udp","address":"198.51.100.9:7000","priority":1}
      {"at":8000,"kind":"pair","pair":"10.0.0.2:4000>198.51.100.9:7000/udp","local":"host udp 10.0.0.2:4000","remote":"srflx udp 198.51.100.9:7000","priority":9}
      {"at":8000,"kind":"pair","pair":"192.0.2.3:50000>198.51.100.9:7000/udp","local":"relay udp 192.0.2.3:50000","remote":"srflx udp 198.51.100.9:7000","priority":3}
      {"at":8000,"kind":"check-sent","pair":"10.0.0.2:4000>198.51.100.9:7000/udp","purpose":"ordinary","sending":1}
      {"at":8020,"kind":"check-sent","pair":"192.0.2.3:50000>198.51.100.9:7000/udp","purpose":"ordinary","sending":1}
      {"at":8090,"kind":"check-received","flow":"192.0.2.3:50000>198.51.100.9:7000/udp","nominates":false}
      {"at":8101,"kind":"check-answered","pair":"192.0.2.3:50000>198.51.100.9:7000/udp","purpose":"ordinary","roundTripMillis":81,"mapped":"192.0.2.3:50000"}
      {"at":8101,"kind":"path","pair":"192.0.2.3:50000>198.51.100.9:7000/udp","local":"relay udp 192.0.2.3:50000","remote":"srflx udp 198.51.100.9:7000","relayed":true,"selected":false}
      {"at":8200,"kind":"check-sent","pair":"10.0.0.2:4000>198.51.100.9:7000/udp","purpose":"ordinary","sending":2}
      {"at":9500,"kind":"selected","pair":"192.0.2.3:50000>198.51.100.9:7000/udp"}
      {"at":9500,"kind":"path","pair":"192.0.2.3:50000>198.51.100.9:7000/udp","local":"relay udp 192.0.2.3:50000","remote":"srflx udp 198.51.100.9:7000","relayed":true,"selected":true,"roundTripMillis":80.5}
      {"at":11000,"kind":"pair-state","pair":"10.0.0.2:4000>198.51.100.9:7000/udp","state":"failed","reason":"no answer"}
      {"at":12000,"kind":"ended","outcome":"relayed","connectedMillis":101,"sent":10,"back":10,"medianMillis":80.7}
      """;

  @TempDir Path folder;

  private String file(String text) throws Exception {
    Path file = folder.resolve("trace");
    Files.writeString(file, text);
    return file.toString();
  }

  @Test
  void theStoryOfARelayedConnection() throws Exception {
    Run run = Run.of("ice", "explain", file(RELAYED));
    assertEquals(0, run.exitCode(), run.err());
    Golden.check("ice-story-relayed.txt", run.out());
  }

  @Test
  void theSameForProgramsThoughItsLastLineIsCutOff() throws Exception {
    Run json = Run.of("-o", "json", "ice", "explain", file(RELAYED + "{\"at\":13000,\"ki"));
    Golden.check("ice-story-relayed.json", json.out());
    assertEquals(
        "own-nat-maps-by-destination", JsonFields.read(json.out()).get("cause"), json.out());
  }

  @Test
  void theStoryOfATraceThatWasJustWritten() throws Exception {
    Run run =
        Run.of(
            "ice",
            "offer",
            "--address=127.0.0.1",
            "--stun=none",
            "--policy=relay-only",
            "--out=" + folder.resolve("offer"),
            "--in=" + folder.resolve("answer"),
            "--wait=1s",
            "--trace=" + folder.resolve("trace"));
    assertEquals(4, run.exitCode(), run.err());
    Run story = Run.of("-o", "json", "ice", "explain", folder.resolve("trace").toString());
    Map<String, String> fields = JsonFields.read(story.out());
    assertEquals("no-candidates", fields.get("cause"), story.out());
    assertEquals("relay-only", fields.get("policy"));
    String trace = Files.readString(folder.resolve("trace"));
    assertTrue(trace.contains("local-refused"), trace);
  }

  @Test
  void whatIsNoTraceIsToldInOneLine() throws Exception {
    assertFault(folder.resolve("missing").toString(), "cannot be read; name one that can");
    assertFault(folder.toString(), "cannot be read; name one that can");
    assertFault(file(""), "is no trace: it is empty");
    assertFault(file("hello"), "is no trace: line 1 is no line of a trace: hello");
    assertFault(
        file("{\"at\":0,\"kind\":\"x\"}"), "is no trace: it does not begin as a trace does");
    assertFault(
        file(RELAYED.replace("ice-trace/1", "ice-trace/9")),
        "it is of version culvert.ice-trace/9, and this reads culvert.ice-trace/1");
    assertFault(file("\u0000\u0001\u0002"), "is no trace: line 1");
  }

  private static void assertFault(String file, String words) {
    Run run = Run.of("ice", "explain", file);
    assertEquals(2, run.exitCode());
    assertEquals("", run.out());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains(words), run.err());
  }
}
