package dev.culvert.rendezvous.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.culvert.identity.Envelope;
import dev.culvert.identity.PasswordExchange;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.SealingKey;
import dev.culvert.sansio.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What {@code docs/protocol.md} says is what the code does. {@code
 * -Dtest.argLine=-Dgolden.write=true} writes its test vectors anew.
 */
class ProtocolPageTest {
  private static final Path PAGE = Path.of("../../docs/protocol.md");
  private static final Pattern VECTORS = Pattern.compile("(?s)```vectors\n(.*?)```");
  private static final Pattern GROUP =
      Pattern.compile("\np = ([0-9a-f\\s]+)\nq = (\\w+)\ng = ([0-9a-f\\s]+)\n```");
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```json\n(.*?)```");

  private static String page() throws IOException {
    return Files.readString(PAGE).replace("\r\n", "\n");
  }

  private static Map<String, String> told() throws IOException {
    Matcher block = VECTORS.matcher(page());
    assertTrue(block.find(), "no vectors on the page");
    Map<String, String> told = new LinkedHashMap<>();
    for (String line : block.group(1).lines().toList()) {
      String[] parts = line.split(" = ", 2);
      told.put(parts[0], parts[1]);
    }
    return told;
  }

  @Test
  void itsVectorsAreWhatTheCodeDoes() throws IOException {
    Map<String, String> computed = ProtocolVectors.all();
    if (Boolean.getBoolean("golden.write")) {
      StringBuilder block = new StringBuilder("```vectors\n");
      computed.forEach((name, value) -> block.append(name + " = " + value + "\n"));
      String changed =
          VECTORS.matcher(page()).replaceFirst(Matcher.quoteReplacement(block + "```"));
      Files.writeString(PAGE, changed);
      fail(PAGE + " was written; read it");
    }
    assertEquals(computed, told());
    assertEquals(computed.keySet().toString(), told().keySet().toString());
  }

  /** By another implementation than that which made them. */
  @Test
  void javasOwnSignaturesAgree() throws Exception {
    Map<String, PeerKey> signers =
        Map.of(
            "peer-proof", ProtocolVectors.ALICE,
            "node-proof", ProtocolVectors.NODE,
            "record", ProtocolVectors.BOB,
            "node-record", ProtocolVectors.NODE,
            "envelope", ProtocolVectors.ALICE);
    Map<String, String> told = told();
    for (Map.Entry<String, PeerKey> each : signers.entrySet()) {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(each.getValue().toKeyPair().getPublic());
      verifier.update(hex(told, each.getKey() + ".signed").toByteArray());
      assertTrue(
          verifier.verify(hex(told, each.getKey() + ".signature").toByteArray()), each.getKey());
    }
  }

  @Test
  void anybodyWithTheKeyOpensTheEnvelope() throws IOException {
    Map<String, String> told = told();
    SealingKey opens =
        SealingKey.generate(
            new Random() {
              @Override
              public void nextBytes(byte[] bytes) {
                Arrays.fill(bytes, (byte) 0x77);
              }
            });
    Envelope envelope =
        Envelope.open(hex(told, "envelope.sealed"), ProtocolVectors.BOB.id(), opens).orElseThrow();
    assertEquals(told.get("envelope.payload"), envelope.payload().utf8());
  }

  /** An exchange by a code proves what it says in the group and by the rules of the page. */
  @Test
  void proofsOfCodesAreAsThePageHasThem() throws Exception {
    Matcher group = GROUP.matcher(page());
    assertTrue(group.find(), "no group on the page");
    BigInteger p = number(group.group(1));
    BigInteger q = number(group.group(2));
    BigInteger g = number(group.group(3));
    // Some of these digests are negative, some are not.
    for (int seed = 0; seed < 4; seed++) {
      Bytes first =
          new PasswordExchange(
                  PasswordExchange.Role.HOST, "rdv1-code/4821", "acid-zebra", new Random(seed))
              .first();
      BigInteger element = unsigned(first.slice(0, 384));
      BigInteger commitment = unsigned(first.slice(768, 1152));
      BigInteger response = unsigned(first.slice(1152, 1184));
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      Bytes user = Bytes.utf8("rdv1-code/4821/host");
      for (Bytes each : List.of(bytes(g), bytes(commitment), bytes(element), user)) {
        digest.update(ByteBuffer.allocate(4).putInt(each.length()).array());
        digest.update(each.toByteArray());
      }
      BigInteger challenge = new BigInteger(digest.digest()).mod(q);
      assertEquals(commitment, g.modPow(response, p).multiply(element.modPow(challenge, p)).mod(p));
    }
  }

  private static BigInteger number(String hex) {
    return new BigInteger(hex.replaceAll("\\s", ""), 16);
  }

  private static BigInteger unsigned(Bytes bytes) {
    return new BigInteger(1, bytes.toByteArray());
  }

  private static Bytes bytes(BigInteger number) {
    Bytes bytes = Bytes.wrap(number.toByteArray());
    return bytes.slice(bytes.at(0) == 0 ? 1 : 0);
  }

  private static Bytes hex(Map<String, String> told, String name) {
    return Bytes.hex(told.getOrDefault(name, ""));
  }

  @Test
  void itsExamplesAreMessagesAndNoMessageIsLeftOut() throws Exception {
    Matcher examples = EXAMPLE.matcher(page());
    Set<String> shown = new TreeSet<>();
    while (examples.find()) {
      for (String line : examples.group(1).lines().toList()) {
        Frame frame = FrameText.read(Bytes.utf8(line));
        assertEquals(frame, FrameText.read(FrameText.write(frame)));
        assertEquals(line, FrameText.write(frame).utf8());
        shown.add(frame.getClass().getSimpleName());
      }
    }
    Set<String> all = new TreeSet<>();
    kinds(Frame.class).forEach(kind -> all.add(kind.getSimpleName()));
    assertEquals(all, shown);
  }

  private static Stream<Class<?>> kinds(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(ProtocolPageTest::kinds)
        : Stream.of(type);
  }
}
