package dev.culvert.cli.ice;

import dev.culvert.ice.text.IceDescription;
import dev.culvert.ice.text.IceJson;
import dev.culvert.ice.text.IceSdp;
import java.util.Locale;

/** How a description is written for the other side. */
public enum DescriptionFormat {
  /** Letters and digits on one line. */
  SHORT {
    @Override
    public String write(IceDescription description) {
      return ShortForm.write(description);
    }
  },
  /** A JSON object on one line. */
  JSON {
    @Override
    public String write(IceDescription description) {
      return IceJson.format(description);
    }
  },
  /** The attributes of RFC 8839, a line each. */
  SDP {
    @Override
    public String write(IceDescription description) {
      return String.join(
          "\n",
          IceSdp.lines(
              description,
              description.candidates().stream()
                  .findFirst()
                  .map(candidate -> candidate.component().stream())
                  .orElse(0)));
    }
  };

  /** The text without a final end of line. */
  public abstract String write(IceDescription description);

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
