package dev.culvert.cli.lab.verb;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Style;
import dev.culvert.cli.check.CheckView;
import dev.culvert.detect.DetectConfig;
import dev.culvert.detect.DetectEvent;
import dev.culvert.detect.DetectMachine;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.lab.world.VerbRun;
import dev.culvert.natsim.Resident;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** A check by the engine itself, on a simulated host. */
final class SimCheck implements VerbRun {
  private final Resident<DetectEvent> resident;
  private Optional<CheckView> view = Optional.empty();
  private boolean stopped;

  SimCheck(SimWorld world, String host, DetectConfig config) {
    resident =
        world.host(host).run(new DetectMachine(config, world.world().newRandom()), this::heard);
  }

  private void heard(DetectEvent event) {
    if (event instanceof DetectEvent.Finished finished) {
      view = Optional.of(CheckView.of(finished.report()));
    }
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public boolean isDone() {
    return stopped || view.isPresent();
  }

  @Override
  public void stop() {
    stopped = true;
    resident.stop();
  }

  @Override
  public int exitCode() {
    return view.map(CheckView::exitCode).orElse(ExitCode.INTERRUPTED).number();
  }

  @Override
  public Map<String, String> fields() {
    if (view.isEmpty()) {
      return Map.of();
    }
    StringWriter json = new StringWriter();
    try {
      try (JsonGenerator generator = new JsonFactory().createGenerator(json)) {
        view.get().write(generator);
      }
      return JsonFields.read(json.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String output() {
    return view.map(shown -> shown.text(Style.PLAIN)).orElse("");
  }
}
