package dev.culvert.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/**
 * What a command speaks through: results to standard output, narration and progress to standard
 * error, all of it redacted where that is asked for. Safe to use from several threads.
 */
public final class Console {
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final Streams streams;
  private final Redaction redaction = new Redaction();
  private CommonOptions options = new CommonOptions();
  private Runnable adoptOptions = () -> {};
  private boolean liveLine;

  /** A console over the given streams, with every common option at its default. */
  public Console(Streams streams) {
    this.streams = streams;
  }

  synchronized void configure(CommonOptions chosen) {
    options = chosen;
  }

  void onOptions(Runnable adopt) {
    adoptOptions = adopt;
  }

  /** Puts the common options into force again, after a command set more of them. */
  public void optionsChanged() {
    adoptOptions.run();
  }

  /** How results are to be written. */
  public synchronized OutputFormat format() {
    return options.format;
  }

  /** An environment variable; empty where it is unset or empty. */
  public Optional<String> environment(String name) {
    return Optional.ofNullable(streams.environment().get(name)).filter(value -> !value.isEmpty());
  }

  /** The whole environment. */
  public Map<String, String> environment() {
    return streams.environment();
  }

  /** Writes a result in the format that was asked for. */
  public synchronized void show(View view) {
    switch (options.format) {
      case TEXT -> print(view.text(style(streams.outIsTerminal())));
      case JSON -> print(json(view));
      case YAML -> print(yaml(view));
    }
  }

  /**
   * Writes a result to standard error in the format that was asked for, where standard output is
   * another's.
   */
  public synchronized void showBeside(View view) {
    switch (options.format) {
      case TEXT -> tell(view.text(errorStyle()));
      case JSON -> tell(json(view));
      case YAML -> tell(yaml(view));
    }
  }

  /** Writes lines of a result to standard output as they are, whatever the format. */
  public synchronized void print(String text) {
    endLiveLine();
    streams.out().println(redacted(text));
    streams.out().flush();
  }

  /** Tells people what happens, on standard error, unless they asked for quiet. */
  public synchronized void say(String line) {
    if (!options.quiet) {
      tell(line);
    }
  }

  /**
   * Tells people how far things are: on a terminal one line that is written over, elsewhere a line
   * each.
   */
  public synchronized void progress(String line) {
    if (options.quiet) {
      return;
    }
    if (streams.errIsTerminal()) {
      streams.err().print(CLEAR_LINE + style(true).faint(redacted(line)));
      streams.err().flush();
      liveLine = true;
    } else {
      tell(line);
    }
  }

  /** Whether a bar that is drawn again and again has somewhere to stand, and is wanted. */
  public synchronized boolean showsBars() {
    return streams.errIsTerminal() && !options.quiet && options.format == OutputFormat.TEXT;
  }

  /** Tells of a fault on standard error, quiet or not. */
  public synchronized void tell(String line) {
    endLiveLine();
    streams.err().println(redacted(line));
    streams.err().flush();
  }

  /** How text on standard error is dressed. */
  public synchronized Style errorStyle() {
    return style(streams.errIsTerminal());
  }

  /** Whether logs of everything, stack traces included, are wanted. */
  public synchronized boolean isVerbose() {
    return options.verbose.length > 0;
  }

  synchronized PrintWriter out() {
    return streams.out();
  }

  synchronized boolean outWantsColor() {
    return style(streams.outIsTerminal()).color();
  }

  /** The text with addresses replaced, where that is asked for. */
  public synchronized String redacted(String text) {
    return options.redact ? redaction.apply(text) : text;
  }

  /** Whether results shall not tell who is who. */
  public synchronized boolean redacts() {
    return options.redact;
  }

  private void endLiveLine() {
    if (liveLine) {
      streams.err().print(CLEAR_LINE);
      streams.err().flush();
      liveLine = false;
    }
  }

  private Style style(boolean terminal) {
    boolean color =
        switch (options.color) {
          case ALWAYS -> true;
          case NEVER -> false;
          case AUTO ->
              terminal
                  && environment("NO_COLOR").isEmpty()
                  && !environment("TERM").orElse("").equals("dumb");
        };
    return new Style(color, streams.unicode(), this::redacted);
  }

  private String json(View view) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = new JsonFactory().createGenerator(text)) {
      if (streams.outIsTerminal()) {
        generator.useDefaultPrettyPrinter();
      }
      view.write(generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static String yaml(View view) {
    YAMLFactory factory =
        YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build();
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = factory.createGenerator(text)) {
      view.write(generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString().stripTrailing();
  }
}
