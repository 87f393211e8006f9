package dev.culvert.cli.settings;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a file as text, or tells in one line why it is none. */
final class FileText {
  /** Hundreds of times what all keys take, and little enough to read at once. */
  private static final int MAX_BYTES = 1 << 20;

  private static final byte LINE_FEED = '\n';

  private FileText() {}

  static String of(Path file) {
    byte[] bytes = bytes(file);
    if (bytes.length > MAX_BYTES) {
      throw Fault.usage(file + " is larger than 1 MiB", "name a configuration file");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length + 1);
    CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    CoderResult result = utf8.decode(in, out, true);
    if (result.isError()) {
      throw Fault.usage(
          file + ":" + line(bytes, in.position()) + ": that is no UTF-8 text",
          "store the file as UTF-8");
    }
    String text = out.flip().toString();
    if (text.isBlank()) {
      throw Fault.usage(
          file + " is empty", "write a key, or at least a comment if all defaults shall hold");
    }
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private static byte[] bytes(Path file) {
    if (Files.isDirectory(file)) {
      throw Fault.usage(file + " is a folder", "name the file in it");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      throw Fault.usage(file + ": there is no such file", "check what --config names");
    } catch (AccessDeniedException e) {
      throw new Fault(
          ExitCode.NOT_AUTHORISED,
          file + ": reading it is not permitted",
          "let the user that runs the node read it");
    } catch (IOException e) {
      throw Fault.usage(file + " cannot be read", "name a configuration file");
    }
  }

  private static int line(byte[] bytes, int end) {
    int line = 1;
    for (int i = 0; i < end; i++) {
      line += bytes[i] == LINE_FEED ? 1 : 0;
    }
    return line;
  }
}
