package dev.culvert.rendezvous.wire;

import dev.culvert.identity.Envelope;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.SealingKey;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.NodeRecord;
import dev.culvert.rendezvous.PeerRecord;
import dev.culvert.rendezvous.Ranking;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** What the page of the protocol gives as test vectors, worked out anew. */
final class ProtocolVectors {
  static final PeerKey NODE = PeerKey.ofSeed(repeated(0x11));
  static final PeerKey ALICE = PeerKey.ofSeed(repeated(0x22));
  static final PeerKey BOB = PeerKey.ofSeed(repeated(0x33));
  private static final String URL = "wss://node.example/rdv";
  private static final Instant TIME = Instant.ofEpochSecond(1_800_000_000);
  private static final Instant LATER = TIME.plusSeconds(1800);

  private final Map<String, String> all = new LinkedHashMap<>();

  static Map<String, String> all() {
    ProtocolVectors vectors = new ProtocolVectors();
    vectors.keys();
    vectors.proofs();
    vectors.records();
    vectors.envelope();
    vectors.ranking();
    return vectors.all;
  }

  private static Bytes repeated(int value) {
    return Bytes.hex(Bytes.of(value).hex().repeat(32));
  }

  /** Gives these bytes and no others. */
  private record Given(Bytes bytes) implements RandomGenerator {
    @Override
    public void nextBytes(byte[] target) {
      bytes.copyTo(target, 0);
    }

    @Override
    public long nextLong() {
      throw new AssertionError("more than what was given");
    }
  }

  /**
   * That point and (0, -1): (x, y) becomes (-x, -y), which is on the curve, but of twice the order.
   */
  private static Bytes mixed(Bytes key) {
    byte[] little = key.toByteArray();
    byte[] big = new byte[little.length];
    for (int i = 0; i < big.length; i++) {
      big[i] = little[little.length - 1 - i];
    }
    boolean odd = big[0] < 0;
    big[0] &= 127;
    BigInteger prime = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    BigInteger y = prime.subtract(new BigInteger(1, big));
    byte[] mixed = new byte[little.length];
    for (int i = 0; i < mixed.length; i++) {
      mixed[i] = y.shiftRight(8 * i).byteValue();
    }
    mixed[31] |= (byte) (odd ? 0 : 128);
    if (new PeerId(Bytes.wrap(mixed)).isGood()) {
      throw new AssertionError("with this key others could sign, too");
    }
    return Bytes.wrap(mixed);
  }

  private void put(String name, Bytes value) {
    all.put(name, value.hex());
  }

  private void put(String name, Frame value) {
    all.put(name, FrameText.write(value).utf8());
  }

  private void keys() {
    List<String> names = List.of("node", "alice", "bob");
    List<PeerKey> keys = List.of(NODE, ALICE, BOB);
    List<Integer> seeds = List.of(0x11, 0x22, 0x33);
    for (int i = 0; i < names.size(); i++) {
      PeerId id = keys.get(i).id();
      put(names.get(i) + ".seed", repeated(seeds.get(i)));
      put(names.get(i) + ".key", id.key());
      all.put(names.get(i) + ".id", id.toString());
      all.put(names.get(i) + ".did", id.toDidKey());
      all.put(names.get(i) + ".libp2p", id.toLibp2p());
      if (i == 1) {
        put("mixed.key", mixed(id.key()));
      }
    }
  }

  /** What a signature is over: the purpose behind its length, then the payload. */
  static Bytes signedBytes(String purpose, Bytes payload) {
    return Bytes.of(purpose.length()).concat(Bytes.utf8(purpose)).concat(payload);
  }

  private void proofs() {
    Frame.Hello hello =
        new Frame.Hello(NODE.id(), repeated(0x44), TIME, List.of("node.example:3478"));
    Bytes nonce = repeated(0x55);
    Frame.Auth auth =
        new Frame.Auth(
            ALICE.id(), nonce, URL, Proof.ofPeer(ALICE, hello, nonce, URL), Optional.empty());
    TransportAddress observed =
        new TransportAddress(IpLiterals.parse("203.0.113.7").orElseThrow(), 50_000);
    Frame.Welcome welcome =
        new Frame.Welcome(
            Proof.ofNode(NODE, hello, auth),
            observed,
            Duration.ofSeconds(60),
            new Frame.Allowance(240, 240, 8),
            repeated(0x66).slice(0, 24),
            List.of(
                new Frame.RelayOffer(
                    "turn:node.example:3478?transport=udp", "1800003600:alice", "secret", LATER)));
    put("hello", hello);
    put(
        "peer-proof.signed",
        signedBytes(
            "rdv1-peer",
            hello.nonce().concat(NODE.id().key()).concat(nonce).concat(Bytes.utf8(URL))));
    put("peer-proof.signature", auth.signature());
    put("auth", auth);
    put(
        "node-proof.signed",
        signedBytes("rdv1-node", nonce.concat(ALICE.id().key()).concat(hello.nonce())));
    put("node-proof.signature", welcome.signature());
    put("welcome", welcome);
  }

  private void records() {
    SealingKey opens = SealingKey.generate(new Given(repeated(0x77)));
    put("bob.sealing.secret", repeated(0x77));
    put("bob.sealing.public", opens.publicKey());
    Signed record = new PeerRecord(BOB.id(), opens.publicKey(), 7, LATER).sign(BOB);
    put("record.payload", record.payload());
    put("record.signed", signedBytes("rdv1-record", record.payload()));
    put("record.signature", record.signature());
    put("register", new Frame.Register(1, record, List.of(repeated(0x88))));
    Signed node =
        new NodeRecord(NODE.id(), List.of(URL, "wss://[2001:db8::1]:8443/"), LATER).sign(NODE);
    put("node-record.payload", node.payload());
    put("node-record.signed", signedBytes("rdv1-node-record", node.payload()));
    put("node-record.signature", node.signature());
    put("nodes", new Frame.Nodes(2, List.of(node)));
  }

  private void envelope() {
    Bytes session = repeated(0x99).slice(0, 16);
    Bytes payload = Bytes.utf8("{\"v\":1,\"t\":\"note\",\"text\":\"Hello, Bob\"}");
    Envelope envelope = new Envelope(ALICE.id(), session, 3, LATER, payload);
    SealingKey opens = SealingKey.generate(new Given(repeated(0x77)));
    Bytes sealed =
        envelope.seal(ALICE, BOB.id(), opens.publicKey(), new Given(repeated(0xaa))).orElseThrow();
    ByteBuffer numbers = ByteBuffer.allocate(20);
    numbers.putLong(3).putLong(LATER.getEpochSecond()).putInt(payload.length());
    Bytes said =
        ALICE.id().key().concat(session).concat(Bytes.wrap(numbers.array())).concat(payload);
    Bytes bound = BOB.id().key().concat(opens.publicKey()).concat(said);
    Bytes signature = Signed.by(ALICE, "culvert-envelope-1", bound).signature();
    Bytes plain = said.concat(signature);
    put("envelope.ephemeral.secret", repeated(0xaa));
    put("envelope.session", session);
    all.put("envelope.payload", payload.utf8());
    put("envelope.signed", signedBytes("culvert-envelope-1", bound));
    put("envelope.signature", signature);
    put("envelope.plain", plain.concat(Bytes.wrap(new byte[256 - plain.length()])));
    put("envelope.sealed", sealed);
    put("signal", new Frame.Signal(4, BOB.id(), sealed));
  }

  private void ranking() {
    List<PeerId> nodes = List.of(NODE.id(), ALICE.id(), BOB.id());
    PeerId peer = PeerKey.ofSeed(repeated(0xcc)).id();
    all.put("ranking.peer", peer.toString());
    all.put("ranking.nodes", nodes.stream().map(PeerId::toString).collect(Collectors.joining(" ")));
    all.put(
        "ranking.order",
        Ranking.of(peer, nodes).stream().map(PeerId::toString).collect(Collectors.joining(" ")));
  }
}
