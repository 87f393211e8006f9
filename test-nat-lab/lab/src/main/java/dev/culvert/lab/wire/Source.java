package dev.culvert.lab.wire;

import java.io.IOException;

/** Something that the wire's one thread waits for. */
interface Source {

  /** What to poll for input. */
  int descriptor();

  /** There is input, or its end. */
  void ready() throws IOException;
}
