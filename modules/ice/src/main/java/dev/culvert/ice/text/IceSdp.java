package dev.culvert.ice.text;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.IceCredentials;
import dev.culvert.ice.IceParameters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Descriptions as the ICE attributes of SDP (RFC 8839 §5); everything else in it is ignored. */
public final class IceSdp {
  private static final int LONGEST = 256 << 10;
  private static final int MOST_CANDIDATES = 256;

  private IceSdp() {}

  /**
   * The attribute lines of one data stream, each with {@code a=} and without an end of line. In SDP
   * of several sections {@code a=ice-lite} and {@code a=ice-pacing} belong before the first (RFC
   * 8839 §5.3, §5.5): some look for them nowhere else.
   *
   * @param stream which of them
   */
  public static List<String> lines(IceDescription description, int stream) {
    IceParameters own = description.parameters();
    List<String> lines = new ArrayList<>();
    lines.add("a=ice-ufrag:" + own.credentials().ufrag());
    lines.add("a=ice-pwd:" + own.credentials().password());
    if (!own.options().isEmpty()) {
      lines.add("a=ice-options:" + String.join(" ", new TreeSet<>(own.options())));
    }
    own.pacing().ifPresent(pacing -> lines.add("a=ice-pacing:" + pacing.toMillis()));
    if (own.lite()) {
      lines.add("a=ice-lite");
    }
    description.candidates().stream()
        .filter(candidate -> candidate.component().stream() == stream)
        .map(candidate -> "a=" + CandidateText.format(candidate))
        .forEach(lines::add);
    if (description.complete()) {
      lines.add("a=end-of-candidates");
    }
    return lines;
  }

  /**
   * Reads SDP or a few lines of it. Each {@code m=} line begins the next data stream; candidates
   * before the first one are of stream 0. Of a BUNDLE group the section that it names first speaks
   * for all, as stream 0, and the others of it are passed over (RFC 9143 §7.1). Credentials before
   * the first section hold where a section has none (RFC 8839 §5.4). What one line says wrongly
   * spoils the whole.
   *
   * @throws IceTextException if it has no credentials, two pairs of them, or a line that cannot be
   *     read
   */
  public static IceDescription parse(String sdp) throws IceTextException {
    if (sdp.length() > LONGEST) {
      throw new IceTextException("that is too long to be a description");
    }
    List<String> lines = Arrays.stream(sdp.split("\\R", -1)).map(String::strip).toList();
    Parsing parsing = new Parsing(SdpSections.of(lines));
    int number = 0;
    for (String line : lines) {
      number++;
      try {
        parsing.take(line);
      } catch (IceTextException e) {
        throw new IceTextException("line " + number + ": " + e.getMessage());
      }
    }
    return parsing.description();
  }

  private static final class Parsing {
    private final SdpSections sections;
    private final List<Candidate> candidates = new ArrayList<>();
    private final Set<String> options = new LinkedHashSet<>();
    private final Credentials ofAll = new Credentials();
    private final Credentials ofSections = new Credentials();
    private Optional<Duration> pacing = Optional.empty();
    private boolean lite;
    private boolean complete;
    private int section = -1;

    Parsing(SdpSections sections) {
      this.sections = sections;
    }

    void take(String line) throws IceTextException {
      if (line.startsWith("m=")) {
        section++;
      } else if (section < 0) {
        read(line, ofAll, 0);
      } else if (sections.stream(section).isPresent()) {
        read(line, ofSections, sections.stream(section).getAsInt());
      }
    }

    private void read(String line, Credentials credentials, int stream) throws IceTextException {
      if (line.startsWith("a=ice-ufrag:")) {
        credentials.ufrag = same(credentials.ufrag, line, "ice-ufrag");
      } else if (line.startsWith("a=ice-pwd:")) {
        credentials.password = same(credentials.password, line, "ice-pwd");
      } else if (line.startsWith("a=ice-options:")) {
        Arrays.stream(value(line).split(" ", -1))
            .filter(IceParameters::isOption)
            .forEach(options::add);
      } else if (line.startsWith("a=ice-pacing:")) {
        pacing = Optional.of(pacing(value(line)));
      } else if (line.equals("a=ice-lite")) {
        lite = true;
      } else if (line.equals("a=end-of-candidates")) {
        complete = true;
      } else if (line.startsWith("a=candidate:")) {
        Optional<Candidate> candidate = CandidateText.parse(line, stream);
        if (candidates.size() < MOST_CANDIDATES) {
          candidate.ifPresent(candidates::add);
        }
      }
    }

    /** Streams of one agent share its credentials here, as bundled ones always do. */
    private static Optional<String> same(Optional<String> before, String line, String name)
        throws IceTextException {
      String value = value(line);
      if (before.filter(known -> !known.equals(value)).isPresent()) {
        throw new IceTextException("another " + name + " than before; streams share one agent");
      }
      return Optional.of(value);
    }

    private static String value(String line) {
      return line.substring(line.indexOf(':') + 1).strip();
    }

    private static Duration pacing(String text) throws IceTextException {
      if (!text.matches("[0-9]{1,10}")) {
        throw new IceTextException("ice-pacing is a number of milliseconds");
      }
      return Duration.ofMillis(Long.parseLong(text));
    }

    IceDescription description() throws IceTextException {
      Optional<String> ufrag = ofSections.ufrag.or(() -> ofAll.ufrag);
      Optional<String> password = ofSections.password.or(() -> ofAll.password);
      if (ufrag.isEmpty() || password.isEmpty()) {
        throw new IceTextException("there is no ice-ufrag and ice-pwd in it");
      }
      try {
        return new IceDescription(
            new IceParameters(
                new IceCredentials(ufrag.get(), password.get()), lite, options, pacing),
            candidates,
            complete);
      } catch (IllegalArgumentException e) {
        throw new IceTextException(String.valueOf(e.getMessage()));
      }
    }
  }

  private static final class Credentials {
    private Optional<String> ufrag = Optional.empty();
    private Optional<String> password = Optional.empty();
  }
}
