package dev.culvert.cli.connect.stream;

import java.io.InputStream;
import java.io.OutputStream;

/** Bytes in two directions, each of which ends by itself. */
public interface TwoWay extends AutoCloseable {
  /** What the other end sends; ends where that ended. */
  InputStream input();

  /** What goes to the other end; closing it ends this direction in good order. */
  OutputStream output();

  /** Cuts off both directions, unless they have ended. */
  @Override
  void close();
}
