package dev.culvert.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a run of the command is connected to.
 *
 * @param out where results go
 * @param err where narration goes
 * @param outIsTerminal whether {@code out} is seen on a terminal
 * @param errIsTerminal whether {@code err} is seen on a terminal
 * @param unicode whether signs beyond ASCII can be shown
 * @param environment the environment variables
 */
public record Streams(
    PrintWriter out,
    PrintWriter err,
    boolean outIsTerminal,
    boolean errIsTerminal,
    boolean unicode,
    Map<String, String> environment) {

  /** Copies the environment. */
  public Streams {
    environment = Map.copyOf(environment);
  }

  /**
   * Those of this process. The launcher tells in the property {@code culvert.terminals} which of
   * the descriptors 1 and 2 are terminals; where it does not, none is taken for one.
   */
  static Streams ofProcess() {
    String terminals = System.getProperty("culvert.terminals", "");
    String encoding =
        System.getProperty("stdout.encoding", System.getProperty("native.encoding", "US-ASCII"));
    Charset charset =
        Charset.isSupported(encoding) ? Charset.forName(encoding) : StandardCharsets.US_ASCII;
    return new Streams(
        new PrintWriter(new FileOutputStream(FileDescriptor.out), false, charset),
        new PrintWriter(new FileOutputStream(FileDescriptor.err), false, charset),
        terminals.contains("1"),
        terminals.contains("2"),
        charset.newEncoder().canEncode('✓'),
        System.getenv());
  }
}
