package dev.culvert.lab.wire;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A process in a lab that does what no shell command can. It says {@code ready}, then takes orders,
 * one a line, and answers each with {@code ok} or one line that begins with {@code failed}:
 *
 * <ul>
 *   <li>{@code link NEAR FAR DELAY JITTER LOSS DUPLICATION REORDERING RATE SEED}: carries frames
 *       between two interfaces, or in another way than before; nanoseconds, shares, bits a second
 *   <li>{@code unlink NEAR}: carries none any more
 *   <li>{@code forget SPACE}: empties the connection table of a namespace
 *   <li>{@code capture SPACE DEVICE,DEVICE FILE}: writes what passes there to a pcap file, instead
 *       of what passed where it was told to before
 *   <li>{@code neighbours SPACE SOURCE TARGET RATE}: sends UDP there from one port after another;
 *       addresses in hexadecimal digits, packets a second
 * </ul>
 *
 * Its orders are the lines of the file that its one argument names; without one they come from its
 * standard input, with whose end it ends.
 */
public final class Wire {
  private static final long LONGEST_NAP = TimeUnit.SECONDS.toNanos(1);
  private static final int INPUT = 0;
  private static final int CHUNK = 4096;

  private final Forwarder forwarder = new Forwarder();
  private final List<Neighbours> neighbours = new ArrayList<>();
  private final Map<String, Capture> captures = new LinkedHashMap<>();
  private final StringBuilder heard = new StringBuilder();
  private boolean changed = true;
  private boolean over;

  private Wire() {}

  /** Runs until it is killed or its orders end. */
  public static void main(String[] arguments) throws IOException {
    Wire wire = new Wire();
    if (arguments.length > 0) {
      for (String order : Files.readAllLines(Path.of(arguments[0]))) {
        wire.obey(order.split(" ", -1));
      }
      System.out.println("ready");
      System.out.close();
      wire.run(List.of());
    } else {
      System.out.println("ready");
      wire.run(List.of(wire.orders()));
    }
  }

  private void run(List<Source> first) throws IOException {
    Poll poll = new Poll(first);
    while (!over) {
      if (changed) {
        changed = false;
        List<Source> sources = new ArrayList<>(first);
        sources.addAll(forwarder.sources());
        captures.values().forEach(capture -> sources.addAll(capture.sources()));
        poll = new Poll(sources);
      }
      long nap = forwarder.deliver(LONGEST_NAP);
      for (Neighbours some : neighbours) {
        nap = Math.min(nap, some.send());
      }
      poll.await(nap);
    }
    for (Capture capture : captures.values()) {
      capture.finish();
    }
  }

  private Source orders() {
    Memory buffer = new Memory(CHUNK);
    return new Source() {
      @Override
      public int descriptor() {
        return INPUT;
      }

      @Override
      public void ready() {
        int count =
            (int) Pointer.nativeValue(Libc.read(INPUT, buffer, Pointer.createConstant(CHUNK)));
        over = count <= 0;
        if (!over) {
          hear(new String(buffer.getByteArray(0, count), StandardCharsets.ISO_8859_1));
        }
      }
    };
  }

  private void hear(String chunk) {
    heard.append(chunk);
    for (int end = heard.indexOf("\n"); end >= 0; end = heard.indexOf("\n")) {
      byte[] line = heard.substring(0, end).getBytes(StandardCharsets.ISO_8859_1);
      heard.delete(0, end + 1);
      try {
        obey(new String(line, StandardCharsets.UTF_8).split(" ", -1));
        System.out.println("ok");
      } catch (IOException | RuntimeException e) {
        System.out.println("failed " + String.valueOf(e.getMessage()).replace('\n', ' '));
      }
    }
  }

  private void obey(String[] words) throws IOException {
    switch (words[0]) {
      case "link" ->
          forwarder.link(words[1], words[2], Impairments.of(words, 3), Long.parseLong(words[9]));
      case "unlink" -> forwarder.unlink(words[1]);
      case "forget" -> NetworkSpace.in(words[1], Connections::forget);
      case "neighbours" -> NetworkSpace.in(words[1], () -> neighbours.add(neighbours(words)));
      case "capture" -> capture(words);
      default -> throw new IllegalArgumentException("'" + words[0] + "' is no order");
    }
    changed = true;
  }

  private static Neighbours neighbours(String[] words) throws IOException {
    return new Neighbours(
        HexFormat.of().parseHex(words[2]),
        HexFormat.of().parseHex(words[3]),
        Integer.parseInt(words[4]));
  }

  private void capture(String[] words) throws IOException {
    List<String> devices = List.of(words[2].split(",", -1));
    String path = String.join(" ", Arrays.asList(words).subList(3, words.length));
    Capture known = captures.get(path);
    Capture capture = known == null ? new Capture(path) : known;
    NetworkSpace.in(words[1], () -> capture.tap(devices));
    captures.put(path, capture);
  }
}
