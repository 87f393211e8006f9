package dev.culvert.rendezvous.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.identity.PeerKey;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.PeerRecord;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FrameTextTest {
  private static final Random RANDOM = new Random(3);
  private static final PeerKey PEER = PeerKey.generate(RANDOM);
  private static final PeerKey NODE = PeerKey.generate(RANDOM);
  private static final Instant TIME = Instant.ofEpochSecond(1_800_000_000);
  private static final Bytes NONCE = bytes(32);
  private static final PeerRecord RECORD = new PeerRecord(PEER.id(), bytes(32), 7, TIME);
  private static final Signed SIGNED = RECORD.sign(PEER);

  private static Bytes bytes(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return Bytes.wrap(bytes);
  }

  static Stream<Frame> frames() {
    TransportAddress observed =
        new TransportAddress(IpLiterals.parse("2001:db8::7").orElseThrow(), 4242);
    return Stream.of(
        new Frame.Hello(NODE.id(), NONCE, TIME, List.of("node.example:3478")),
        new Frame.Auth(PEER.id(), NONCE, "wss://node.example/", bytes(64), Optional.empty()),
        new Frame.Auth(PEER.id(), NONCE, "", bytes(64), Optional.of(bytes(9))),
        new Frame.Welcome(
            bytes(64),
            observed,
            Duration.ofSeconds(60),
            new Frame.Allowance(1, Integer.MAX_VALUE, 3),
            bytes(32),
            List.of(new Frame.RelayOffer("turn:a.example", "1:x", "p\"\u00e4", TIME))),
        new Frame.Register(1, SIGNED, List.of(bytes(32), bytes(32))),
        new Frame.Registered(2, Duration.ofMinutes(20)),
        new Frame.Unregister(3),
        new Frame.Done(3),
        new Frame.Lookup(4, PEER.id()),
        new Frame.Found(4, SIGNED, true),
        new Frame.Discover(5, bytes(32), Optional.of("c"), 50),
        new Frame.Discover(5, bytes(32), Optional.empty(), 1),
        new Frame.Members(5, List.of(SIGNED), Optional.of("d")),
        new Frame.Members(5, List.of(), Optional.empty()),
        new Frame.Signal(6, PEER.id(), bytes(500)),
        new Frame.Delivered(6),
        new Frame.Undeliverable(6, Frame.Reason.QUOTA),
        new Frame.Said(PEER.id(), bytes(500)),
        new Frame.Block(7, List.of(PEER.id(), NODE.id())),
        new Frame.Ping(9_007_199_254_740_991L),
        new Frame.Pong(8),
        new Frame.AskNodes(9),
        new Frame.Announce(9, SIGNED),
        new Frame.AskRelays(9),
        new Frame.Relays(9, List.of(new Frame.RelayOffer("turn:a.example", "1:x", "p", TIME))),
        new Frame.Nodes(9, List.of(SIGNED)),
        new Frame.OpenPlate(11, 4821),
        new Frame.Plate(11, Duration.ofMinutes(10)),
        new Frame.Knock(12, 999_999, bytes(40)),
        new Frame.Knocked(12, 3),
        new Frame.PlateSay(13, 1, 2, bytes(4096)),
        new Frame.PlateSaid(1, 2, bytes(40)),
        new Frame.LeavePlate(14, 4821, 0),
        new Frame.PlateLeft(4821, 1),
        new Frame.Redirect(List.of("wss://b.example/"), Duration.ofSeconds(5), "restart"),
        new Frame.Refusal(
            Optional.of(10L), Frame.Code.TOO_OFTEN, "slowly", Optional.of(Duration.ofSeconds(3))),
        new Frame.Refusal(Optional.empty(), Frame.Code.UNPROVEN, "no", Optional.empty()));
  }

  @ParameterizedTest
  @MethodSource("frames")
  void everyMessageComesBack(Frame frame) throws FrameException {
    assertEquals(frame, FrameText.read(FrameText.write(frame)));
  }

  /** What a newer version says more does not matter to an older one. */
  @Test
  void unknownMembersArePassedOver() throws FrameException {
    Bytes text =
        Bytes.utf8("{\"more\":[{\"x\":null},1,true,\"\"],\"t\":\"ping\",\"id\":1,\"n\":null}");
    assertEquals(new Frame.Ping(1), FrameText.read(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hello | no JSON",
        "[] | a message is a JSON object",
        "{} | there is no t",
        "{'t':1} | t is to be a text",
        "{'t':'x'} | there is no message of that kind",
        "{'t':'ping'} | there is no id",
        "{'t':'ping','id':0} | id is 1 to 9007199254740991",
        "{'t':'ping','id':1.5} | numbers are whole",
        "{'t':'ping','id':99999999999999999999} | no JSON",
        "{'t':'ping','id':1,'id':2} | no JSON",
        "{'t':'ping','id':1}{} | something follows the message",
        "{'t':'lookup','id':1,'peer':'me'} | there is no peer that is a peer id",
        "{'t':'signal','id':1,'to':'me'} | there is no to that is a peer id",
        "{'t':'undeliverable','re':1,'reason':'?'} | there is no reason of that kind",
        "{'t':'discover','id':1,'namespace':'AA'} | namespace has 32 bytes",
        "{'t':'discover','id':1,'namespace':'!'} | namespace is to be base64url",
        "{'t':'block','id':1,'peers':{}} | peers is to be a list",
        "{'t':'block','id':1,'peers':[1]} | peers is to be a list of texts",
        "{'t':'found','re':1,'record':1,'online':true} | record is to be an object",
        "{'a':[[[[[1]]]]]} | no JSON"
      })
  void whatIsNoneIsRefusedInOneLine(String text, String words) {
    FrameException fault =
        assertThrows(
            FrameException.class, () -> FrameText.read(Bytes.utf8(text.replace('\'', '"'))));
    assertEquals(Frame.Code.MALFORMED, fault.code());
    String message = String.valueOf(fault.getMessage());
    assertTrue(message.contains(words), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void whatIsTooLongIsNotReadAtAll() {
    Bytes text = Bytes.utf8("{\"t\":\"" + "x".repeat(FrameText.LONGEST) + "\"}");
    FrameException fault = assertThrows(FrameException.class, () -> FrameText.read(text));
    assertEquals(Frame.Code.TOO_LONG, fault.code());
    assertEquals(Optional.empty(), FrameText.idOf(text));
    assertEquals(Optional.of(5L), FrameText.idOf(Bytes.utf8("{\"t\":\"nonsense\",\"id\":5}")));
  }

  @Test
  void damageIsAFaultAndNeverMore() {
    Random random = new Random(11);
    List<Frame> all = frames().toList();
    for (int i = 0; i < 20_000; i++) {
      byte[] text = FrameText.write(all.get(random.nextInt(all.size()))).toByteArray();
      for (int n = random.nextInt(4); n >= 0; n--) {
        text[random.nextInt(text.length)] = (byte) random.nextInt(256);
      }
      try {
        FrameText.read(Bytes.wrap(text).slice(0, random.nextInt(text.length) + 1));
      } catch (FrameException e) {
        assertFalse(String.valueOf(e.getMessage()).isEmpty());
      }
    }
  }

  /** No clock goes as far as the largest number. */
  @Test
  void nobodyIsToldToWaitForLongerThanAWeek() throws FrameException {
    String most = String.valueOf((1L << 53) - 1);
    String text = "{\"t\":\"error\",\"code\":429,\"reason\":\"x\",\"retry\":" + most + "}";
    Frame.Refusal refusal = (Frame.Refusal) FrameText.read(Bytes.utf8(text));
    assertEquals(Optional.of(Duration.ofDays(7)), refusal.retryAfter());
    String redirect = "{\"t\":\"redirect\",\"urls\":[],\"reason\":\"x\",\"within\":" + most + "}";
    assertEquals(
        Duration.ofDays(7), ((Frame.Redirect) FrameText.read(Bytes.utf8(redirect))).within());
  }

  @Test
  void wordsForPeopleMoveNoCursor() throws FrameException {
    String words = "\"reason\":\"not \\u001b[2J\\u202e\\nyou " + "x".repeat(300) + "\"";
    String seen = "not ?[2J??you " + "x".repeat(186);
    String error = "{\"t\":\"error\",\"code\":429," + words + "}";
    assertEquals(seen, ((Frame.Refusal) FrameText.read(Bytes.utf8(error))).reason());
    String redirect = "{\"t\":\"redirect\",\"urls\":[],\"within\":1," + words + "}";
    assertEquals(seen, ((Frame.Redirect) FrameText.read(Bytes.utf8(redirect))).reason());
  }

  @Test
  void bothSidesProveWhoTheyAre() {
    Frame.Hello hello = new Frame.Hello(NODE.id(), NONCE, TIME, List.of());
    String url = "wss://node.example/";
    Bytes nonce = bytes(32);
    Frame.Auth auth =
        new Frame.Auth(
            PEER.id(), nonce, url, Proof.ofPeer(PEER, hello, nonce, url), Optional.empty());
    assertTrue(Proof.isOfPeer(auth, hello));
    Frame.Welcome welcome =
        new Frame.Welcome(
            Proof.ofNode(NODE, hello, auth),
            new TransportAddress(IpLiterals.parse("192.0.2.1").orElseThrow(), 1),
            Duration.ZERO,
            new Frame.Allowance(1, 1, 1),
            Bytes.empty(),
            List.of());
    assertTrue(Proof.isOfNode(welcome, hello, auth));
    // Another node, an earlier connection, another address, another peer.
    PeerKey other = PeerKey.generate(new Random(5));
    assertFalse(Proof.isOfPeer(auth, new Frame.Hello(other.id(), NONCE, TIME, List.of())));
    Frame.Hello later = new Frame.Hello(NODE.id(), bytes(32), TIME, List.of());
    assertFalse(Proof.isOfPeer(auth, later));
    assertFalse(Proof.isOfNode(welcome, later, auth));
    Frame.Auth elsewhere =
        new Frame.Auth(PEER.id(), nonce, "wss://x/", auth.signature(), Optional.empty());
    assertFalse(Proof.isOfPeer(elsewhere, hello));
    Frame.Auth stolen = new Frame.Auth(other.id(), nonce, url, auth.signature(), Optional.empty());
    assertFalse(Proof.isOfPeer(stolen, hello));
    assertFalse(Proof.isOfNode(welcome, hello, stolen));
  }

  @Test
  void aRecordIsItsPeersAlone() {
    assertEquals(Optional.of(RECORD), PeerRecord.read(SIGNED));
    Signed swapped = new Signed(NODE.id(), SIGNED.payload(), SIGNED.signature());
    assertEquals(Optional.empty(), PeerRecord.read(swapped));
    Signed forAnotherPurpose = Signed.by(PEER, "rdv1-node-record", SIGNED.payload());
    assertEquals(Optional.empty(), PeerRecord.read(forAnotherPurpose));
    Signed cut = Signed.by(PEER, "rdv1-record", SIGNED.payload().slice(0, 20));
    assertEquals(Optional.empty(), PeerRecord.read(cut));
    Bytes negative = SIGNED.payload().slice(0, 32).concat(Bytes.hex("ff".repeat(16)));
    assertEquals(Optional.empty(), PeerRecord.read(Signed.by(PEER, "rdv1-record", negative)));
    assertThrows(IllegalArgumentException.class, () -> RECORD.sign(NODE));
  }
}
