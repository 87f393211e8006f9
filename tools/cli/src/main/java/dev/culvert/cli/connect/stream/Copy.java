package dev.culvert.cli.connect.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Carries bytes from one end to another, in both directions, as long as either has some. */
public final class Copy {
  private static final int CHUNK = 32 * 1024;

  private Copy() {}

  /**
   * Connects two ends: what one sends the other gets, and where one direction ends, it ends over
   * there, too. Blocks until both have ended; whatever goes wrong cuts off both.
   *
   * @param near of which {@link Traffic#sent} counts what came
   * @throws IOException if either was cut off
   */
  public static Traffic both(TwoWay near, TwoWay far) throws IOException {
    CompletableFuture<Long> out = new CompletableFuture<>();
    CompletableFuture<Long> in = new CompletableFuture<>();
    start(near, far, out, in);
    start(far, near, in, out);
    try (near;
        far) {
      return new Traffic(out.join(), in.join());
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException cut) {
        throw cut;
      }
      throw e;
    }
  }

  /** A fault of one direction is the end of the other, which may wait where nobody can wake it. */
  private static void start(
      TwoWay from, TwoWay to, CompletableFuture<Long> own, CompletableFuture<Long> other) {
    Thread thread =
        new Thread(
            () -> {
              try {
                own.complete(one(from.input(), to.output()));
              } catch (IOException | RuntimeException e) {
                own.completeExceptionally(e);
                other.completeExceptionally(e);
              }
            },
            "culvert-copy");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Carries one direction to its end, and ends it over there.
   *
   * @return how many bytes
   */
  static long one(InputStream from, OutputStream to) throws IOException {
    byte[] chunk = new byte[CHUNK];
    long total = 0;
    for (int got = from.read(chunk); got >= 0; got = from.read(chunk)) {
      to.write(chunk, 0, got);
      to.flush();
      total += got;
    }
    to.close();
    return total;
  }
}
