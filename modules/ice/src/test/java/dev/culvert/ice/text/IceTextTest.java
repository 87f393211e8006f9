package dev.culvert.ice.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.CandidateAddress;
import dev.culvert.ice.CandidateType;
import dev.culvert.ice.ComponentId;
import dev.culvert.ice.IceCredentials;
import dev.culvert.ice.IceParameters;
import dev.culvert.ice.TcpType;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Descriptions survive both ways of writing them, and what is none is refused with a reason. */
class IceTextTest {
  private static final ComponentId RTCP = new ComponentId(0, 2);
  private static final List<Candidate> CANDIDATES =
      List.of(
          candidate("1", ComponentId.ONLY, "192.0.2.1", 8998, CandidateType.HOST, ""),
          candidate("2/+", RTCP, "2001:db8::1", 9, CandidateType.SERVER_REFLEXIVE, "fd00::1"),
          candidate(
              "3", ComponentId.ONLY, "203.0.113.1", 50000, CandidateType.RELAYED, "192.0.2.3"),
          new Candidate(
              "4",
              ComponentId.ONLY,
              Transport.TCP,
              1,
              new CandidateAddress.Ip(at("192.0.2.1", 9)),
              CandidateType.HOST,
              Optional.empty(),
              Optional.of(TcpType.ACTIVE)),
          new Candidate(
              "5",
              ComponentId.ONLY,
              Transport.UDP,
              0x7fff_ffffL,
              new CandidateAddress.Named("1f4712db-ea17-4bcf-a596-105139dfd8bf.local", 54596),
              CandidateType.HOST,
              Optional.empty(),
              Optional.empty()));
  private static final IceDescription WHOLE =
      new IceDescription(
          new IceParameters(
              new IceCredentials("8hhY", "asd88fgpdd777uzjYhagZg"),
              true,
              Set.of("trickle", "ice2"),
              Optional.of(Duration.ofMillis(20))),
          CANDIDATES,
          true);

  private static TransportAddress at(String ip, int port) {
    return new TransportAddress(IpLiterals.parse(ip).orElseThrow(), port);
  }

  private static Candidate candidate(
      String foundation,
      ComponentId component,
      String ip,
      int port,
      CandidateType type,
      String related) {
    return new Candidate(
        foundation,
        component,
        Transport.UDP,
        2130706431,
        new CandidateAddress.Ip(at(ip, port)),
        type,
        related.isEmpty() ? Optional.empty() : Optional.of(at(related, 1)),
        Optional.empty());
  }

  @Test
  void sdpComesBackAsItWas() throws IceTextException {
    assertEquals(WHOLE, IceSdp.parse(String.join("\r\n", IceSdp.lines(WHOLE, 0))));
  }

  @Test
  void jsonComesBackAsItWas() throws IceTextException {
    assertEquals(WHOLE, IceJson.parse(IceJson.format(WHOLE)));
  }

  @Test
  void theAttributeIsWhatOthersWrite() throws IceTextException {
    assertEquals(
        "candidate:1 1 UDP 2130706431 192.0.2.1 8998 typ host",
        CandidateText.format(CANDIDATES.get(0)));
    Candidate chromium =
        CandidateText.parse(
                "candidate:842163049 1 udp 1677729535 203.0.113.7 41885 typ srflx raddr 0.0.0.0"
                    + " rport 0 generation 0 ufrag EsAw network-id 1 network-cost 10",
                0)
            .orElseThrow();
    assertEquals(CandidateType.SERVER_REFLEXIVE, chromium.type());
    assertEquals(Optional.empty(), chromium.related());
    assertTrue(
        CandidateText.format(candidate("1", RTCP, "192.0.2.9", 7, CandidateType.RELAYED, ""))
            .endsWith("typ relay raddr 0.0.0.0 rport 9"));
  }

  @Test
  void otherLinesAndUnknownKindsArePassedOver() throws IceTextException {
    IceDescription read =
        IceSdp.parse(
            """
            v=0
            o=- 0 0 IN IP4 192.0.2.1
            a=ice-ufrag:abcd
            a=ice-pwd:abcdefghijklmnopqrstuv
            m=audio 9 RTP/AVP 0
            a=candidate:1 1 sctp 1 192.0.2.1 1 typ host
            a=candidate:1 1 udp 1 192.0.2.1 1 typ new
            m=video 9 RTP/AVP 0
            a=candidate:1 1 udp 1 192.0.2.1 1 typ host
            """);
    assertEquals(
        List.of(new ComponentId(1, 1)),
        read.candidates().stream().map(Candidate::component).toList());
  }

  /** What a browser offers whose peer may not know of bundles, and whose audio was stopped. */
  @Test
  void theFirstOfABundleSpeaksForAll() throws IceTextException {
    IceDescription read =
        IceSdp.parse(
            """
            v=0
            o=- 4611731400430051336 2 IN IP4 127.0.0.1
            a=group:BUNDLE data video
            m=audio 0 UDP/TLS/RTP/SAVPF 111
            a=inactive
            a=mid:audio
            m=application 9 UDP/DTLS/SCTP webrtc-datachannel
            c=IN IP4 0.0.0.0
            a=candidate:1 1 udp 2113937151 x.local 56610 typ host generation 0 network-cost 999
            a=candidate:2 1 tcp 1518214911 192.0.2.1 9 typ host tcptype active generation 0
            a=ice-ufrag:abcd
            a=ice-pwd:abcdefghijklmnopqrstuv
            a=ice-options:trickle renomination
            a=mid:data
            m=video 9 UDP/TLS/RTP/SAVPF 96
            a=candidate:1 1 udp 2113937151 x.local 56611 typ host
            a=ice-ufrag:efgh
            a=ice-pwd:vutsrqponmlkjihgfedcba
            a=end-of-candidates
            a=mid:video
            """);
    assertEquals("abcd", read.parameters().credentials().ufrag());
    assertEquals(Set.of("trickle", "renomination"), read.parameters().options());
    assertEquals(
        List.of(ComponentId.ONLY, ComponentId.ONLY),
        read.candidates().stream().map(Candidate::component).toList());
    assertFalse(read.complete());
  }

  @Test
  void whatASectionSaysRulesOverWhatAllSay() throws IceTextException {
    String all = "a=ice-ufrag:abcd\na=ice-pwd:abcdefghijklmnopqrstuv\nm=audio 9 RTP/AVP 0\n";
    assertEquals("abcd", IceSdp.parse(all).parameters().credentials().ufrag());
    String own = all + "a=ice-ufrag:efgh\na=ice-pwd:vutsrqponmlkjihgfedcba\n";
    assertEquals(
        new IceCredentials("efgh", "vutsrqponmlkjihgfedcba"),
        IceSdp.parse(own).parameters().credentials());
    assertThrows(
        IceTextException.class,
        () -> IceSdp.parse(own + "m=video 9 RTP/AVP 0\na=ice-ufrag:ijkl\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a=ice-ufrag:abcd",
        "a=ice-ufrag:abcd\na=ice-pwd:short",
        "a=ice-ufrag:a c\na=ice-pwd:abcdefghijklmnopqrstuv",
        "a=ice-ufrag:abcd\na=ice-ufrag:abce\na=ice-pwd:abcdefghijklmnopqrstuv",
        "a=ice-ufrag:abcd\na=ice-pwd:abcdefghijklmnopqrstuv\na=ice-pacing:fast",
        "a=ice-ufrag:abcd\na=ice-pwd:abcdefghijklmnopqrstuv\na=candidate:1 1 udp",
        "a=ice-ufrag:abcd\na=ice-pwd:abcdefghijklmnopqrstuv\na=candidate:1 0 udp 1 192.0.2.1 1 typ"
            + " host",
        "a=ice-ufrag:abcd\na=ice-pwd:abcdefghijklmnopqrstuv\na=candidate:1 1 udp 0 192.0.2.1 1 typ"
            + " host",
        "a=ice-ufrag:abcd\na=ice-pwd:abcdefghijklmnopqrstuv\na=candidate:1 1 udp 1 192.0.2.1 65536"
            + " typ host",
        "a=ice-ufrag:abcd\na=ice-pwd:abcdefghijklmnopqrstuv\na=candidate:1 1 udp 1 no_name 1 typ"
            + " host"
      })
  void sdpThatIsNoneIsRefused(String sdp) {
    IceTextException refused = assertThrows(IceTextException.class, () -> IceSdp.parse(sdp));
    assertIsOneLine(refused);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "{\"ufrag\":\"abcd\"}",
        "{\"ufrag\":\"abcd\",\"pwd\":\"short\"}",
        "{\"ufrag\":\"abcd\",\"pwd\":\"abcdefghijklmnopqrstuv\"} {}",
        "{\"ufrag\":\"abcd\",\"pwd\":\"abcdefghijklmnopqrstuv\",\"pacing\":\"x\"}",
        "{\"ufrag\":\"abcd\",\"pwd\":\"abcdefghijklmnopqrstuv\",\"candidates\":[{\"type\":"
            + "\"host\",\"transport\":\"udp\"}]}",
        "{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]}"
      })
  void jsonThatIsNoneIsRefused(String json) {
    IceTextException refused = assertThrows(IceTextException.class, () -> IceJson.parse(json));
    assertIsOneLine(refused);
  }

  @Test
  void whateverIsChangedIsReadOrRefused() {
    Random random = new Random(1);
    String sdp = String.join("\n", IceSdp.lines(WHOLE, 0));
    String json = IceJson.format(WHOLE);
    int read = 0;
    for (int i = 0; i < 20_000; i++) {
      try {
        IceSdp.parse(changed(sdp, random));
        read++;
      } catch (IceTextException e) {
        assertIsOneLine(e);
      }
      try {
        IceJson.parse(changed(json, random));
        read++;
      } catch (IceTextException e) {
        assertIsOneLine(e);
      }
    }
    assertTrue(read > 1000, "only " + read + " were read");
  }

  private static void assertIsOneLine(IceTextException refused) {
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.length() < 200 && !message.contains("\n"), message);
  }

  private static String changed(String text, Random random) {
    StringBuilder changed = new StringBuilder(text);
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      int at = random.nextInt(changed.length());
      switch (random.nextInt(3)) {
        case 0 -> changed.deleteCharAt(at);
        case 1 -> changed.setCharAt(at, (char) random.nextInt(300));
        default -> changed.insert(at, text, 0, random.nextInt(40));
      }
    }
    return changed.toString();
  }

  @Test
  void jsonSaysWhomADescriptionAnswers() throws IceTextException {
    IceParameters whole = WHOLE.parameters();
    IceParameters answering =
        new IceParameters(
            whole.credentials(),
            whole.lite(),
            whole.options(),
            whole.pacing(),
            Optional.of("abcd"));
    IceDescription said = new IceDescription(answering, CANDIDATES, true);
    assertEquals(said, IceJson.parse(IceJson.format(said)));
  }
}
