package dev.culvert.cli.connect.stream;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** What this process reads and writes, as one end of a pipe; nobody but its owner closes it. */
public final class EndsWay implements TwoWay {
  private final InputStream input;
  private final OutputStream output;

  /** Such as standard input and standard output. */
  public EndsWay(InputStream input, OutputStream output) {
    this.input = input;
    this.output =
        new FilterOutputStream(output) {
          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
          }

          @Override
          public void close() throws IOException {
            flush();
          }
        };
  }

  @Override
  public InputStream input() {
    return input;
  }

  @Override
  public OutputStream output() {
    return output;
  }

  @Override
  public void close() {
    // Whoever reads standard input cannot be woken, and the process ends it.
  }
}
