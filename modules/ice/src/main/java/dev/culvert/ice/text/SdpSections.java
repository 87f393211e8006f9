package dev.culvert.ice.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Which data stream each section of SDP is, and which ones another speaks for (RFC 9143 §7.1). */
final class SdpSections {
  private static final String GROUP = "a=group:BUNDLE ";
  private static final String NAME = "a=mid:";

  private final List<OptionalInt> streams = new ArrayList<>();

  private SdpSections() {}

  static SdpSections of(List<String> lines) {
    List<String> group = List.of();
    List<Optional<String>> names = new ArrayList<>();
    for (String line : lines) {
      if (line.startsWith("m=")) {
        names.add(Optional.empty());
      } else if (line.startsWith(NAME) && !names.isEmpty()) {
        names.set(names.size() - 1, Optional.of(line.substring(NAME.length()).strip()));
      } else if (line.startsWith(GROUP) && group.isEmpty()) {
        group = List.of(line.substring(GROUP.length()).strip().split(" +", -1));
      }
    }
    SdpSections sections = new SdpSections();
    boolean bundled = !group.isEmpty() && names.contains(Optional.of(group.get(0)));
    int next = bundled ? 1 : 0;
    for (Optional<String> name : names) {
      int place = bundled && name.isPresent() ? group.indexOf(name.get()) : -1;
      if (place < 0) {
        sections.streams.add(OptionalInt.of(next++));
      } else {
        sections.streams.add(place == 0 ? OptionalInt.of(0) : OptionalInt.empty());
      }
    }
    return sections;
  }

  /**
   * Which data stream a section is.
   *
   * @return empty if another section speaks for it
   */
  OptionalInt stream(int section) {
    return streams.get(section);
  }
}
