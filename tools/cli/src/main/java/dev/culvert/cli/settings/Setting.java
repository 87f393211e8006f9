package dev.culvert.cli.settings;

import java.util.List;
import java.util.stream.Stream;

/**
 * An option that somebody set.
 *
 * @param key which
 * @param values what to; a list may be empty
 * @param origin where it was begun to be set
 */
record Setting(OptionKey key, List<SettingValue> values, Origin origin) {

  /** Copies the list. */
  Setting {
    values = List.copyOf(values);
  }

  /** The same as a command line has it. */
  Stream<String> arguments() {
    return values.stream().map(value -> argument(key, value));
  }

  /** Where the value that {@code text} speaks of was written. */
  Origin placeOf(String text) {
    return values.stream()
        .filter(value -> !value.text().isEmpty() && text.contains(value.text()))
        .findFirst()
        .map(SettingValue::origin)
        .orElse(origin);
  }

  static String argument(OptionKey key, SettingValue value) {
    return key.option().longestName() + "=" + value.text();
  }
}
