package dev.culvert.session.meet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.punch.Dependence;
import dev.culvert.punch.NatTraits;
import dev.culvert.punch.PortRule;
import dev.culvert.punch.PortSighting;
import dev.culvert.rendezvous.call.Calls;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PunchTextTest {
  private static final Path PAGE = Path.of("../../docs/protocol.md");
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```punch\n(.*?)```");
  private static final NatTraits PLAIN = traits("198.51.100.7", PortRule.random());
  private static final NatTraits SEQUENTIAL =
      traits("2001:db8::7", PortRule.sequential(-2, 1.5).within(2000, 50_000));
  private static final List<PunchNote> ALL =
      List.of(
          new PunchNote.None(),
          new PunchNote.View(NatTraits.unknown(at("198.51.100.7"))),
          new PunchNote.View(NatTraits.open(at("198.51.100.7"))),
          new PunchNote.Ask(
              3, PLAIN, Bytes.hex("000102030405060708090a0b0c0d0e0f"), Duration.ofMillis(84)),
          new PunchNote.Go(3, SEQUENTIAL, Duration.ofMillis(42)));

  private static TransportAddress at(String ip) {
    return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), 40_001);
  }

  private static NatTraits traits(String ip, PortRule ports) {
    return new NatTraits(
        at(ip),
        true,
        Dependence.ADDRESS_AND_PORT,
        Dependence.ADDRESS,
        ports,
        Optional.of(new PortSighting(40_009, Duration.ofMillis(120))));
  }

  @Test
  void whatIsWrittenIsRead() {
    for (PunchNote note : ALL) {
      assertEquals(Optional.of(note), PunchText.read(PunchText.write(note)));
      assertTrue(Calls.fits(PunchText.write(note)));
    }
  }

  /** The page has one of each kind, in the order in which two say them. */
  @Test
  void thePageHasThem() throws IOException {
    Matcher block = EXAMPLE.matcher(Files.readString(PAGE).replace("\r\n", "\n"));
    assertTrue(block.find(), "no notes on the page");
    List<String> lines = block.group(1).lines().toList();
    assertEquals(ALL.stream().map(PunchText::write).toList(), lines);
  }

  @Test
  void wordsThatNobodyKnowsArePassedOver() {
    PunchNote note = ALL.get(3);
    assertEquals(Optional.of(note), PunchText.read(PunchText.write(note) + " later=1 word"));
    assertEquals(Optional.empty(), PunchText.read("punch/1 sing " + PunchText.write(note)));
    assertEquals(Optional.empty(), PunchText.read("punch/2 none"));
  }

  /** A peer may say anything: what is broken somewhere is a note or none, and nothing is thrown. */
  @Test
  void whatIsBrokenIsReadOrNot() {
    Random random = new Random(7);
    int read = 0;
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder(PunchText.write(ALL.get(i % ALL.size())));
      int changes = 1 + random.nextInt(3);
      for (int k = 0; k < changes; k++) {
        int at = 8 + random.nextInt(text.length() - 8);
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, (char) ('-' + random.nextInt(80)));
          case 1 -> text.insert(at, random.nextInt(100_000));
          default -> text.deleteCharAt(at);
        }
        text.append("    ");
      }
      Optional<PunchNote> note = PunchText.read(text.toString());
      if (note.isPresent()) {
        read++;
        assertEquals(note, PunchText.read(PunchText.write(note.get())), text::toString);
      }
    }
    assertTrue(read > 1000 && read < 49_000, "read: " + read);
  }
}
