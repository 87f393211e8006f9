package dev.culvert.cli.ice.drive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.cli.Run;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every order and every event, on the loopback. */
@Timeout(120)
class DriveTest {
  private static void connect(DriveUnderTest offering, DriveUnderTest answering) throws Exception {
    offering.order("{'do':'open','id':'a','role':'controlling'}");
    answering.order("{'do':'open','id':'b','role':'controlled','policy':'direct-only'}");
    String offer = offering.description("end");
    String answer = answering.description("end");
    answering.raw("{\"do\":\"remote\",\"id\":\"b\",\"description\":" + offer + "}");
    offering.raw("{\"do\":\"remote\",\"id\":\"a\",\"description\":" + answer + "}");
    offering.order("{'do':'began','id':'a'}");
    offering.event("path");
    answering.event("path");
  }

  @Test
  void itSaysWhatItIsAndWhatItHas() throws Exception {
    try (DriveUnderTest drive = new DriveUnderTest()) {
      String ready = drive.line("ready");
      assertTrue(
          ready.matches(
              "\\{\"at\":[0-9.]+,\"event\":\"ready\",\"schema\":\"culvert.ice-drive/1\","
                  + "\"origin\":[0-9.]+,\"engine\":\"culvert\",\"addresses\":\\[\"127.0.0.1\"]}"),
          ready);
      drive.order("{'do':'open','id':'x','role':'controlling'}");
      assertEquals("culvert", drive.field("opened", "engine"));
      drive.order("{'do':'quit'}");
      drive.awaitEnd();
    }
  }

  @Test
  void twoConnectSendTellOfThePathAndClose() throws Exception {
    try (DriveUnderTest offering = new DriveUnderTest();
        DriveUnderTest answering = new DriveUnderTest()) {
      connect(offering, answering);
      offering.order("{'do':'send','id':'a','text':'häuser'}");
      byte[] heard = Base64.getDecoder().decode(answering.field("received", "data"));
      assertEquals("häuser", new String(heard, StandardCharsets.UTF_8));
      answering.order("{'do':'send','id':'b','data':'/wD+'}");
      assertEquals("/wD+", offering.field("received", "data"));
      offering.order("{'do':'fates','id':'a'}");
      String fates = offering.line("fates");
      assertTrue(fates.contains("\"state\":\"succeeded\",\"sent\":"), fates);
      answering.order("{'do':'close','id':'b'}");
      assertEquals("b", answering.field("closed", "id"));
      answering.order("{'do':'close','id':'b'}");
      assertEquals("no connection of this id is open", answering.field("error", "reason"));
      answering.order("{'do':'open','id':'b','role':'controlled'}");
      assertEquals("b", answering.field("described", "id"));
    }
  }

  @Test
  void aPathIsToldWithBothEnds() throws Exception {
    try (DriveUnderTest offering = new DriveUnderTest();
        DriveUnderTest answering = new DriveUnderTest()) {
      offering.order("{'do':'open','id':'a','role':'controlling'}");
      answering.order("{'do':'open','id':'b','role':'controlled'}");
      answering.raw(
          "{\"do\":\"remote\",\"id\":\"b\",\"description\":" + offering.description("end") + "}");
      offering.raw(
          "{\"do\":\"remote\",\"id\":\"a\",\"description\":" + answering.description("end") + "}");
      Map<String, String> path = offering.event("path");
      assertTrue(path.getOrDefault("local", "").startsWith("127.0.0.1:"), path::toString);
      assertTrue(path.getOrDefault("remote", "").startsWith("127.0.0.1:"), path::toString);
      assertEquals(
          List.of("a", "udp", "host", "host", "false"),
          List.of(
              path.getOrDefault("id", ""),
              path.getOrDefault("transport", ""),
              path.getOrDefault("localType", ""),
              path.getOrDefault("remoteType", ""),
              path.getOrDefault("relayed", "")));
      offering.awaitState("completed");
    }
  }

  @Test
  void candidatesTrickleAndEnd() throws Exception {
    try (DriveUnderTest offering = new DriveUnderTest();
        DriveUnderTest answering = new DriveUnderTest()) {
      offering.order("{'do':'open','id':'a','role':'controlling','pacingMillis':20}");
      answering.order("{'do':'open','id':'b','role':'controlled','patienceMillis':30000}");
      offering.event("opened");
      String candidate = offering.field("candidate", "candidate");
      Map<String, String> end = offering.event("end");
      assertTrue(
          end.getOrDefault("sdp", "").contains("a=" + candidate + "\r\n"),
          end.getOrDefault("sdp", ""));
      assertTrue(
          end.getOrDefault("sdp", "").endsWith("a=end-of-candidates\r\n"),
          end.getOrDefault("sdp", ""));
      String credentials =
          "a=ice-ufrag:"
              + end.getOrDefault("description.ufrag", "")
              + "\\r\\na=ice-pwd:"
              + end.getOrDefault("description.pwd", "");
      answering.raw("{\"do\":\"remote\",\"id\":\"b\",\"description\":\"" + credentials + "\"}");
      answering.order("{'do':'candidate','id':'b','candidate':'a=" + candidate + "'}");
      answering.order("{'do':'end','id':'b'}");
      offering.raw(
          "{\"do\":\"remote\",\"id\":\"a\",\"description\":" + answering.description("end") + "}");
      offering.event("path");
      answering.event("path");
    }
  }

  @Test
  void oneBeginsAnewWhileDataFlows() throws Exception {
    try (DriveUnderTest offering = new DriveUnderTest();
        DriveUnderTest answering = new DriveUnderTest()) {
      connect(offering, answering);
      answering.order("{'do':'restart','id':'b'}");
      String again = answering.description("restarted");
      offering.raw("{\"do\":\"remote\",\"id\":\"a\",\"description\":" + again + "}");
      String answer = offering.description("restarted");
      answering.raw("{\"do\":\"remote\",\"id\":\"b\",\"description\":" + answer + "}");
      answering.order("{'do':'began','id':'b'}");
      answering.awaitState("completed");
      offering.order("{'do':'send','id':'a','text':'x'}");
      assertEquals("eA==", answering.field("received", "data"));
    }
  }

  @Test
  void theOtherSideGaveUp() throws Exception {
    try (DriveUnderTest drive = new DriveUnderTest()) {
      drive.order("{'do':'open','id':'a','role':'controlling','lite':false}");
      drive.description("described");
      drive.order(
          "{'do':'remote','id':'a','description':'a=ice-ufrag:abcd\\n"
              + "a=ice-pwd:abcdefghijklmnopqrstuv\\n"
              + "a=candidate:1 1 UDP 2130706431 127.0.0.1 9 typ host\\n"
              + "a=end-of-candidates'}");
      drive.order("{'do':'failed','id':'a'}");
      String failed = drive.line("failed");
      assertTrue(failed.contains("\"cause\":\"peer-gave-up\""), failed);
      assertTrue(failed.contains("\"fates\":[{\"transport\":\"udp\",\"local\":\"127.0."), failed);
    }
  }

  @Test
  void candidatesAreFoundBeforeAndAddressesReadAgain() throws Exception {
    try (DriveUnderTest drive = new DriveUnderTest()) {
      drive.order("{'do':'gather'}");
      drive.order("{'do':'use'}");
      assertTrue(drive.line("using").endsWith("\"addresses\":[\"127.0.0.1\"]}"));
      drive.order("{'do':'open','id':'a','role':'controlled'}");
      assertTrue(drive.description("end").contains("\"address\":\"127.0.0.1\""));
    }
  }

  @Test
  void theCommandTellsWhatItReadsAndRefusesWhatSpoilsIt() {
    Run help = Run.of("ice", "drive", "--help");
    assertEquals(0, help.exitCode());
    assertTrue(help.out().contains("A line that is no order is told and passed over."), help.out());
    assertTrue(help.out().contains("standard input has ended, or 'quit' was ordered"), help.out());
    Run nobodys = Run.of("ice", "drive", "--ice-engine=other");
    assertEquals(2, nobodys.exitCode());
    assertTrue(nobodys.err().contains("'other' is none of culvert, ice4j"), nobodys.err());
    Run redacted = Run.of("--redact", "ice", "drive", "--address=127.0.0.1", "--stun=none");
    assertEquals(2, redacted.exitCode());
    assertEquals(1, redacted.err().lines().count(), redacted.err());
    assertTrue(
        redacted.err().contains("--redact would spoil the descriptions; leave it out"),
        redacted.err());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "nonsense | no JSON: ",
        "[] | an order is a JSON object",
        "{} | the order lacks \"do\"",
        "{'do':'jump'} | nobody knows \"jump\"; there are [open, remote, ",
        "{'do':null} | nobody knows \"null\"",
        "{'do':'quit'} 1 | something follows the order",
        "{'do':'open','role':'controlling'} | \"open\" lacks \"id\"",
        "{'do':'open','id':'','role':'controlling'} | an id has 1 to 64 characters",
        "{'do':'open','id':'a'} | \"open\" lacks \"role\"",
        "{'do':'open','id':'a','role':'x'} | \"role\" is one of controlling, controlled",
        "{'do':'open','id':'a','role':'controlling','policy':'x'} | \"policy\" is one of"
            + " direct-only",
        "{'do':'open','id':'a','role':'controlling','engine':'x'} | no engine x",
        "{'do':'open','id':'a','role':'controlling','rol':1} | \"open\" has no \"rol\"; it may"
            + " have",
        "{'do':'open','id':'a','id':'b','role':'controlling'} | no JSON: Duplicate field",
        "{'do':'open','id':'a','role':'controlling','pacingMillis':1} | checks are at least 5 ms",
        "{'do':'open','id':'a','role':'controlling','patienceMillis':-1} | a whole number of milli",
        "{'do':'open','id':'a','role':'controlling','lite':7} | \"lite\" is true or false",
        "{'do':'open','id':'known','role':'controlling'} | a connection of this id is open",
        "{'do':'remote','id':'known'} | \"remote\" lacks \"description\"",
        "{'do':'remote','id':'known','description':'v=0'} | there is no ice-ufrag",
        "{'do':'remote','id':'known','description':{'x':[1]}} | there is no ufrag and pwd in it",
        "{'do':'remote','id':'known','description':7} | that is no description",
        "{'do':'candidate','id':'known','candidate':'x'} | no candidate attribute: x",
        "{'do':'end','id':'nobody'} | no connection of this id is open",
        "{'do':'send','id':'known'} | either \"data\", in base64, or \"text\"",
        "{'do':'send','id':'known','data':'*'} | \"data\" is no base64",
      })
  void whatIsNoOrderIsToldAndPassedOver(String line, String reason) throws Exception {
    try (DriveUnderTest drive = new DriveUnderTest()) {
      drive.order("{'do':'open','id':'known','role':'controlling'}");
      drive.order(line);
      String told = drive.field("error", "reason");
      assertTrue(told.contains(reason), told);
      drive.order("{'do':'fates','id':'known'}");
      assertEquals("known", drive.field("fates", "id"));
    }
  }

  @Test
  void linesOfAnyLengthAndBytesAreTakenAndNoMoreThanABoundIsKept() throws Exception {
    try (DriveUnderTest drive = new DriveUnderTest()) {
      drive.order("");
      drive.raw("{\"do\":\"open\",\"id\":\"" + "a".repeat(Order.LONGEST) + "\"}");
      assertEquals("the line is longer than 524288 characters", drive.field("error", "reason"));
      drive.raw("\u0000\u001b[2J\ufffd");
      assertTrue(drive.line("error").matches("[\\x20-\\x7e]*"));
      drive.raw("{\"do\":\"send\",\"id\":\"x\",\"text\":\"" + "[".repeat(100_000) + "\"}");
      assertEquals("no connection of this id is open", drive.field("error", "reason"));
      drive.raw("[".repeat(100_000));
      assertEquals("an order is a JSON object", drive.field("error", "reason"));
      drive.raw("{\"do\":\"remote\",\"description\":" + "[".repeat(100_000) + "}");
      assertTrue(drive.field("error", "reason").startsWith("no JSON: "));
    }
  }
}
