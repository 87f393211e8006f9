package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.LabHost;
import dev.culvert.lab.LabProcess;
import dev.culvert.lab.spec.Impairment;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LinkSpec;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Links delay, lose and cut as they are told, with and without netem in the kernel. */
class LinkTest {

  private static LabSpec spec(String profile, String link, Impairment impairment) {
    return LabSpec.builder()
        .home("a", profile)
        .link("a", LinkSpec.parse(link))
        .impairment(impairment)
        .seed(42)
        .build();
  }

  private static LabFixture up(String profile, String link) throws Exception {
    return LabFixture.up(spec(profile, link, Impairment.FORWARDER));
  }

  @ParameterizedTest
  @EnumSource(names = {"AUTOMATIC", "FORWARDER"})
  void delayCountsEachWay(Impairment impairment) throws Exception {
    try (LabFixture lab = LabFixture.up(spec("prc", "delay:60ms", impairment))) {
      for (String family : new String[] {"-4", "-6"}) {
        String output =
            lab.host("a").run(Limits.PROMPT, "ping", family, "-c5", "-i0.2", "s1").output();
        double least =
            Double.parseDouble(output.replaceFirst("(?s).*rtt [^=]*= ([0-9.]+)/.*", "$1"));
        assertTrue(least >= 119.5 && least < 600, output);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"AUTOMATIC", "FORWARDER"})
  void lossCountsEachWay(Impairment impairment) throws Exception {
    try (LabFixture lab = LabFixture.up(spec("prc", "loss:20%", impairment))) {
      LabProcess ping =
          lab.host("a")
              .run(Limits.SLOW, "ping", "-4", "-q", "-c1500", "-i0.003", "-W1", lab.ipv4("s1"));
      int received =
          Integer.parseInt(ping.output().replaceFirst("(?s).* ([0-9]+) received.*", "$1"));
      // 0.8 * 0.8 * 1500 = 960; the standard deviation is 19.
      assertTrue(received > 850 && received < 1070, ping.output());
    }
  }

  @Test
  void tcpCarriesMuchAcrossDelayLossAndJitter() throws Exception {
    try (LabFixture lab = up("prc", "delay:4ms,jitter:1ms,loss:0.5%")) {
      int bytes = 4_000_000;
      LabHost server = lab.host("s2");
      try (LabProcess receiver =
          server.start("sh", "-c", "timeout 80 socat -u TCP4-LISTEN:7000 - | sha256sum")) {
        Eventually.until(
            "socat listens",
            Limits.PROMPT,
            () -> server.run(Limits.PROMPT, "ss", "-ltnH").output().contains(":7000"));
        LabProcess sender =
            lab.host("a")
                .run(
                    Limits.SLOW,
                    "sh",
                    "-c",
                    "seq 1 900000 | head -c "
                        + bytes
                        + " | tee /run/sent | timeout 80 socat -u - TCP4:"
                        + lab.ipv4("s2")
                        + ":7000; sha256sum </run/sent");
        assertEquals(0, receiver.awaitExit(Limits.SLOW), receiver.output());
        assertEquals(sender.output(), receiver.output());
        assertEquals(64, receiver.output().indexOf(' '), receiver.output());
      }
    }
  }

  @Test
  void aRateHolds() throws Exception {
    try (LabFixture lab = up("open", "rate:800kbit")) {
      // 20 packets of 1042 bytes at once, at 100 kB/s: the last waits for 19 others.
      LabProcess ping =
          lab.host("a")
              .run(Limits.PROMPT, "ping", "-4", "-c20", "-l20", "-s1000", "-W3", lab.ipv4("s1"));
      double most =
          Double.parseDouble(
              ping.output().replaceFirst("(?s).*rtt [^=]*= [0-9.]+/[0-9.]+/([0-9.]+)/.*", "$1"));
      assertTrue(ping.output().contains(" 20 received"), ping.output());
      assertTrue(most > 190, ping.output());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"AUTOMATIC", "FORWARDER"})
  void strangersJudgeANatAcrossAnImpairedLinkTheSame(Impairment impairment) throws Exception {
    try (LabFixture lab = LabFixture.up(spec("arc", "delay:20ms,mtu:1400", impairment))) {
      NatDiscovery found = NatDiscovery.run(lab.host("a"), lab.ipv4("s1"), "-m", "-f");
      assertEquals(Optional.of("Endpoint Independent"), found.mapping(), found.output());
      assertEquals(Optional.of("Address Dependent"), found.filtering(), found.output());
    }
  }

  @Test
  void smallLinksSayThatPacketsAreTooBig() throws Exception {
    for (String link : new String[] {"mtu:1280", "mtu:1280,delay:1ms"}) {
      try (LabFixture lab = up("prc", link)) {
        LabHost a = lab.host("a");
        LabProcess fits = a.run(Limits.PROMPT, "ping", "-4", "-c1", "-Mdo", "-s1252", "s1");
        assertEquals(0, fits.exitCode(), fits.output());
        LabProcess large = a.run(Limits.PROMPT, "ping", "-4", "-c1", "-W2", "-Mdo", "-s1253", "s1");
        assertNotEquals(0, large.exitCode(), large.output());
        assertTrue(large.output().contains("mtu = 1280"), large.output());
        LabProcess cut = a.run(Limits.PROMPT, "ping", "-4", "-c1", "-Mdont", "-s3000", "s1");
        assertEquals(0, cut.exitCode(), cut.output());
        LabProcess six = a.run(Limits.PROMPT, "ping", "-6", "-c1", "-s1232", "s1");
        assertEquals(0, six.exitCode(), six.output());
      }
    }
  }
}
