package dev.culvert.lab.scenario;

import dev.culvert.lab.LabException;
import dev.culvert.lab.world.VerbRun;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Begins a verb and waits until it is ready or done.
 *
 * @param stays whether it goes on running beside the following steps
 */
record VerbAction(String host, Word word, List<String> arguments, Duration limit, boolean stays)
    implements Action {
  /** How long a start takes at most unless told otherwise. */
  static final Duration START = Duration.ofSeconds(60);

  /** How long a run takes at most unless told otherwise. */
  static final Duration RUN = Duration.ofSeconds(60);

  /** How long what was stopped takes to end at most. */
  static final Duration STOP = Duration.ofSeconds(30);

  /** The longest time that a scenario can set. */
  static final Duration LONGEST = Duration.ofHours(1);

  private static final int SHOWN = 600;

  @Override
  public Optional<Word> verb() {
    return Optional.of(word);
  }

  @Override
  public void perform(Stage stage) throws LabException, StepFailure {
    VerbRun run = stage.begin(host, word.text(), arguments);
    String what = word.text() + " on " + host;
    if (!stays) {
      if (!stage.world().await(run::isDone, limit)) {
        throw new StepFailure(what + " was not done within " + words(limit) + tail(run));
      }
      return;
    }
    stage.world().await(() -> run.isReady() || run.isDone(), limit);
    if (run.isDone()) {
      throw new StepFailure(what + " ended at once, exit " + run.exitCode() + tail(run));
    } else if (!run.isReady()) {
      throw new StepFailure(what + " was not ready within " + words(limit) + tail(run));
    }
  }

  /** For people. */
  static String words(Duration time) {
    return time.toMillisPart() == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }

  /** The end of what it said. */
  static String tail(VerbRun run) {
    String output = run.output().strip();
    String shown = output.length() > SHOWN ? output.substring(output.length() - SHOWN) : output;
    return shown.isEmpty() ? "" : "\n" + shown;
  }
}
