package dev.culvert.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Compresses the manual and the changelog as Debian wants them; run by the build. */
public final class DebianDocs {
  /** Where a gzip header says how hard was tried (RFC 1952, section 2.3.1). */
  private static final int EFFORT_AT = 8;

  private static final byte HARDEST = 2;

  private DebianDocs() {}

  /** Takes the folder of man pages, the changelog, the version, and the folder to write to. */
  public static void main(String[] args) throws IOException {
    write(Path.of(args[0]), Path.of(args[1]), args[2], Path.of(args[3]));
  }

  static void write(Path manual, Path changelog, String version, Path to) throws IOException {
    Path pages = Files.createDirectories(to.resolve("man1"));
    List<Path> sources;
    try (Stream<Path> found = Files.list(manual)) {
      sources = found.filter(page -> page.toString().endsWith(".1")).toList();
    }
    for (Path page : sources) {
      compress(Files.readAllBytes(page), pages.resolve(page.getFileName() + ".gz"));
    }
    String text =
        Files.readString(changelog).replace("@version@", version.replace("-SNAPSHOT", "~snapshot"));
    compress(text.getBytes(StandardCharsets.UTF_8), to.resolve("changelog.gz"));
  }

  private static void compress(byte[] content, Path to) throws IOException {
    Files.write(to, gzip(content));
  }

  private static byte[] gzip(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream hard =
        new GZIPOutputStream(bytes) {
          {
            def.setLevel(Deflater.BEST_COMPRESSION);
          }
        }) {
      hard.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] packed = bytes.toByteArray();
    packed[EFFORT_AT] = HARDEST;
    return packed;
  }
}
