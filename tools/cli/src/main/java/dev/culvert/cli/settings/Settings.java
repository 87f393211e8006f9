package dev.culvert.cli.settings;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/**
 * What holds for a command: flags rule over the environment, the environment over the file, the
 * file over defaults. Whoever sets a list replaces it.
 */
public final class Settings {
  private static final Pattern FLAG = Pattern.compile("--[a-z][a-z0-9-]*");
  private static final Pattern PREAMBLE =
      Pattern.compile("^Invalid value for option '[^']*'(?: \\([^)]*\\))?: ");

  /** From {@code culvert} itself to the one that runs. */
  private final List<CommandSpec> commands = new ArrayList<>();

  private final Map<String, OptionKey> keys = new LinkedHashMap<>();
  private final Map<String, Setting> set = new LinkedHashMap<>();
  private final Optional<Path> file;

  private Settings(CommandSpec command, Console console) {
    for (CommandSpec level = command; level != null; level = level.parent()) {
      commands.add(0, level);
    }
    List<OptionSpec> options = new ArrayList<>(command.options());
    options.sort(Comparator.comparing(Settings::rank));
    for (OptionSpec option : options) {
      if (!option.usageHelp() && !option.versionHelp() && !ConfigFileOption.is(option)) {
        OptionKey key = new OptionKey(option);
        keys.put(key.name(), key);
      }
    }
    file = ConfigFileOption.file(commands, console);
    flags();
  }

  /**
   * Gathers what holds, and sets the fields of {@code command} and of the common options to it.
   *
   * @param command was just parsed, and has {@link ConfigFileOption} among its options; flags of
   *     the commands above it count too
   * @param variables what reads the environment
   * @throws Fault if something is not understood, for everything that is not
   */
  public static Settings adopt(CommandSpec command, Variables variables, Console console) {
    Settings settings = new Settings(command, console);
    List<Fault> faults = new ArrayList<>();
    settings.add(variables.read(settings.keys.values()), faults);
    settings.file.ifPresent(
        path -> settings.add(SettingsFile.read(path, settings.keys, faults).values(), faults));
    if (!faults.isEmpty()) {
      throw Fault.of(faults);
    }
    settings.parse(settings.set.values().stream().flatMap(Setting::arguments));
    console.optionsChanged();
    return settings;
  }

  /** The file, if one is named, and whether it holds what nobody should see. */
  public Optional<Path> fileWithSecrets() {
    boolean secrets =
        set.values().stream()
            .anyMatch(
                setting -> setting.key().isSecret() && setting.origin().kind() == Origin.Kind.FILE);
    return secrets ? file : Optional.empty();
  }

  /**
   * The fault with the place before it where the option that it names was set, unless that is the
   * command line.
   */
  public Fault located(Fault fault) {
    if (fault.all().size() > 1) {
      return Fault.of(fault.all().stream().map(this::located).toList());
    }
    Matcher flags = FLAG.matcher(fault.fault());
    while (flags.find()) {
      Setting setting = set.get(flags.group().substring(2));
      if (setting != null && setting.origin().kind() != Origin.Kind.FLAG) {
        String where = setting.placeOf(fault.fault()).where();
        return new Fault(fault.exitCode(), where + ": " + fault.fault(), fault.mend());
      }
    }
    return fault;
  }

  /** Every option with what holds for it, as anybody may see it. */
  public List<EffectiveOption> effective() {
    return keys.values().stream()
        .map(
            key ->
                Optional.ofNullable(set.get(key.name()))
                    .map(EffectiveOption::of)
                    .orElseGet(() -> EffectiveOption.standard(key)))
        .toList();
  }

  /** The command's own options, then its groups, then what all commands have. */
  private static int rank(OptionSpec option) {
    return option.scopeType() == ScopeType.INHERIT ? 2 : option.group() == null ? 0 : 1;
  }

  private void flags() {
    Map<String, List<SettingValue>> given = new LinkedHashMap<>();
    for (CommandSpec level : commands) {
      List<OptionSpec> matched = level.commandLine().getParseResult().matchedOptions();
      for (OptionSpec option : new LinkedHashSet<>(matched)) {
        OptionKey key = new OptionKey(option);
        List<SettingValue> values = given.computeIfAbsent(key.name(), name -> new ArrayList<>());
        if (option.scopeType() == ScopeType.INHERIT) {
          // One value for all levels, which each of them tells.
          values.clear();
        }
        key.given().forEach(text -> values.add(new SettingValue(text, key.flag(text))));
      }
    }
    keys.forEach(
        (name, key) -> {
          List<SettingValue> values = given.getOrDefault(name, List.of());
          if (!values.isEmpty()) {
            set.put(name, new Setting(key, values, values.get(0).origin()));
          }
        });
  }

  /** Adds what nobody stronger set, and refuses nonsense even of those who are overruled. */
  private void add(Iterable<Setting> weaker, List<Fault> faults) {
    for (Setting setting : weaker) {
      if (nonsense(setting.arguments()).isPresent()) {
        setting.values().forEach(value -> refuseNonsense(setting.key(), value, faults));
      }
      set.putIfAbsent(setting.key().name(), setting);
    }
  }

  /** Parsed alone, a value is to blame for whatever goes wrong. */
  private void refuseNonsense(OptionKey key, SettingValue value, List<Fault> faults) {
    nonsense(Stream.of(Setting.argument(key, value)))
        .ifPresent(
            what ->
                faults.add(
                    Fault.usage(
                        value.origin().where() + ": " + key.name() + ": " + what,
                        what.contains(";") ? "" : "'culvert node --help' tells what it takes")));
  }

  /** What is wrong with the arguments, if anything. */
  private Optional<String> nonsense(Stream<String> arguments) {
    try {
      parse(arguments);
      return Optional.empty();
    } catch (ParameterException e) {
      return Optional.of(
          PREAMBLE
              .matcher(String.valueOf(e.getMessage()))
              .replaceFirst("")
              .replaceFirst("is not an? (int|long)$", "is no whole number")
              .replaceFirst("is not a boolean$", "is neither true nor false"));
    }
  }

  private void parse(Stream<String> arguments) {
    Stream<String> words = commands.stream().skip(1).map(CommandSpec::name);
    commands.get(0).commandLine().parseArgs(Stream.concat(words, arguments).toArray(String[]::new));
  }
}
