package dev.culvert.cli.ice;

import dev.culvert.ice.text.IceDescription;
import java.util.Optional;

/**
 * Makes a description of lines as they are pasted, in whichever format, and knows when it is
 * complete. Confined to one thread.
 */
public final class Paste {
  private static final int LONGEST = 512 << 10;
  private static final String END_OF_SDP = "a=end-of-candidates";

  private final StringBuilder text = new StringBuilder();

  /** One that has taken nothing. */
  public Paste() {}

  /**
   * Takes another line.
   *
   * @return the description, once it is complete
   * @throws DamagedException if it is damaged, or is none; what was taken is forgotten
   */
  public Optional<IceDescription> take(String line) throws DamagedException {
    boolean blank = line.isBlank();
    if (text.length() == 0 && blank) {
      return Optional.empty();
    }
    text.append(line).append('\n');
    try {
      Optional<IceDescription> whole = whole(line.strip(), blank);
      whole.ifPresent(its -> text.setLength(0));
      return whole;
    } catch (DamagedException e) {
      text.setLength(0);
      throw e;
    }
  }

  private Optional<IceDescription> whole(String line, boolean blank) throws DamagedException {
    String all = text.toString().strip();
    if (all.length() > LONGEST) {
      throw new DamagedException("that is too long to be a description");
    }
    if (ShortForm.isIn(all)) {
      Optional<IceDescription> read = ShortForm.read(all);
      if (read.isEmpty() && blank) {
        throw ShortForm.cut();
      }
      return read;
    }
    if (all.startsWith("{")) {
      boolean closed = count(all, '}') >= count(all, '{');
      return closed || blank ? Optional.of(Parsed.json(all)) : Optional.empty();
    }
    if (isSdp(all)) {
      return blank || line.equals(END_OF_SDP) ? Optional.of(Parsed.sdp(all)) : Optional.empty();
    }
    throw none();
  }

  /**
   * No more lines come.
   *
   * @throws DamagedException if what came is no description
   */
  public IceDescription end() throws DamagedException {
    if (text.length() == 0) {
      throw new DamagedException("there is no description");
    }
    return read(text.toString());
  }

  /**
   * Reads a whole text in whichever format.
   *
   * @throws DamagedException if it is damaged, or is none
   */
  public static IceDescription read(String whole) throws DamagedException {
    String all = whole.strip();
    if (ShortForm.isIn(all)) {
      return ShortForm.read(all).orElseThrow(ShortForm::cut);
    }
    if (all.startsWith("{")) {
      return Parsed.json(all);
    }
    if (isSdp(all)) {
      return Parsed.sdp(all);
    }
    throw none();
  }

  private static DamagedException none() {
    return new DamagedException(
        "that is no description; one begins with " + ShortForm.PREFIX + ", { or a=");
  }

  private static boolean isSdp(String all) {
    return all.startsWith("v=") || all.startsWith("a=") || all.startsWith("m=");
  }

  private static long count(String all, char sign) {
    return all.chars().filter(each -> each == sign).count();
  }
}
