package dev.culvert.cli.settings;

import java.util.List;

/**
 * What holds for one option, as anybody may see it.
 *
 * @param key the option's key
 * @param values what holds; none for a list that is empty, or an option that is not set
 * @param isList whether it may have several values
 * @param origin where that was written
 */
public record EffectiveOption(String key, List<String> values, boolean isList, Origin origin) {

  /** Copies the list. */
  public EffectiveOption {
    values = List.copyOf(values);
  }

  static EffectiveOption of(Setting setting) {
    return new EffectiveOption(
        setting.key().name(),
        setting.values().stream().map(value -> setting.key().shown(value.text())).toList(),
        setting.key().isList(),
        setting.origin());
  }

  static EffectiveOption standard(OptionKey key) {
    return new EffectiveOption(
        key.name(), key.standard().stream().toList(), key.isList(), Origin.DEFAULT);
  }

  /** The values on one line. */
  public String line() {
    return values.isEmpty() ? "-" : String.join(", ", values);
  }
}
