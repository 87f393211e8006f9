package dev.culvert.examples.swarm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.sansio.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PiecesTest {
  private static final int PIECE = 1 << 10;

  @TempDir Path folder;

  private Path file(int length) throws IOException {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    Path file = folder.resolve("file-" + length);
    Files.write(file, content);
    return file;
  }

  @Test
  void aManifestSurvivesItsWay() throws Exception {
    for (int length : List.of(0, 1, PIECE, PIECE + 1, 5 * PIECE)) {
      Manifest manifest = Manifest.of(file(length), PIECE);
      assertEquals(length, manifest.length());
      assertEquals((length + PIECE - 1) / PIECE, manifest.count());
      assertEquals(manifest, Manifest.decode(manifest.encode().toByteArray(), manifest.name()));
    }
  }

  @Test
  void manifestsOfStrangersAreChecked() throws Exception {
    byte[] good = Manifest.of(file(3 * PIECE), PIECE).encode().toByteArray();
    byte[] longer = good.clone();
    ByteBuffer.wrap(longer).putLong(8, 9L * PIECE);
    byte[] coarse = good.clone();
    ByteBuffer.wrap(coarse).putInt(4, Integer.MAX_VALUE);
    byte[] negative = good.clone();
    ByteBuffer.wrap(negative).putLong(8, -1);
    byte[] later = good.clone();
    ByteBuffer.wrap(later).putInt(0, 2);
    for (byte[] bad :
        List.of(longer, coarse, negative, later, Arrays.copyOf(good, 20), new byte[0])) {
      Bytes name = digest(bad);
      assertThrows(SwarmException.class, () -> Manifest.decode(bad, name));
    }
    assertThrows(SwarmException.class, () -> Manifest.decode(good, digest(longer)));
  }

  private static Bytes digest(byte[] text) throws Exception {
    return Bytes.wrap(java.security.MessageDigest.getInstance("SHA-256").digest(text));
  }

  @Test
  void whatWasThereBeforeIsKeptIfItIsRight() throws Exception {
    Path file = file(3 * PIECE);
    byte[] content = Files.readAllBytes(file);
    Manifest manifest = Manifest.of(file, PIECE);
    byte[] damaged = content.clone();
    damaged[PIECE] ^= 1;
    Files.write(folder.resolve("copy.part"), damaged);
    try (Pieces pieces = Pieces.of(manifest, folder.resolve("copy"))) {
      assertEquals("{0, 2}", pieces.here().toString());
      assertFalse(pieces.write(1, new byte[PIECE]));
      assertEquals(Optional.empty(), pieces.read(1));
      assertEquals(Optional.empty(), pieces.read(-1));
      assertEquals(Optional.empty(), pieces.read(3));
      assertTrue(pieces.write(1, Arrays.copyOfRange(content, PIECE, 2 * PIECE)));
      assertTrue(pieces.isComplete());
      assertArrayEquals(
          Arrays.copyOfRange(content, PIECE, 2 * PIECE), pieces.read(1).orElseThrow());
    }
    assertArrayEquals(content, Files.readAllBytes(folder.resolve("copy")));
    assertFalse(Files.exists(folder.resolve("copy.part")));
  }

  @Test
  void whatIsLongerThanTheFileIsCut() throws Exception {
    Path file = file(PIECE + 3);
    Manifest manifest = Manifest.of(file, PIECE);
    Files.write(folder.resolve("copy.part"), Arrays.copyOf(Files.readAllBytes(file), 9 * PIECE));
    try (Pieces pieces = Pieces.of(manifest, folder.resolve("copy"))) {
      assertTrue(pieces.isComplete());
    }
    assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(folder.resolve("copy")));
  }

  @Test
  void anotherFileOfThatNameStaysAsItIs() throws Exception {
    Manifest manifest = Manifest.of(file(PIECE), PIECE);
    Path other = file(2 * PIECE);
    byte[] before = Files.readAllBytes(other);
    SwarmException fault =
        assertThrows(SwarmException.class, () -> Pieces.of(manifest, other).close());
    assertTrue(String.valueOf(fault.getMessage()).endsWith("is another file"), fault.getMessage());
    assertArrayEquals(before, Files.readAllBytes(other));
  }

  @Test
  void aFileThatChangesWhileItIsSharedIsNotServedAsWhatItWas() throws Exception {
    Path file = file(2 * PIECE);
    try (Pieces pieces = Pieces.of(Manifest.of(file, PIECE), file)) {
      assertTrue(pieces.read(1).isPresent());
      byte[] content = Files.readAllBytes(file);
      content[PIECE + 1] ^= 1;
      Files.write(file, content);
      assertEquals(Optional.empty(), pieces.read(1));
      assertTrue(pieces.read(0).isPresent());
    }
  }
}
