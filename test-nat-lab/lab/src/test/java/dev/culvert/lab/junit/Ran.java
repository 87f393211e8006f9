package dev.culvert.lab.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** What became of the tests of a class that another test runs. */
final class Ran {
  private final EngineExecutionResults results;

  private Ran(EngineExecutionResults results) {
    this.results = results;
  }

  /** Runs the tests of {@code type} with these configuration parameters, name and value in turn. */
  static Ran of(Class<?> type, String... parameters) {
    EngineTestKit.Builder kit = EngineTestKit.engine("junit-jupiter").selectors(selectClass(type));
    for (int i = 0; i < parameters.length; i += 2) {
      kit.configurationParameter(parameters[i], parameters[i + 1]);
    }
    return new Ran(kit.execute());
  }

  /** The names of the tests that passed, sorted. */
  List<String> passed() {
    return results
        .testEvents()
        .succeeded()
        .map(event -> event.getTestDescriptor().getDisplayName())
        .sorted()
        .toList();
  }

  /** What made tests or classes fail. */
  List<Throwable> failures() {
    return results
        .allEvents()
        .finished()
        .map(Event::getPayload)
        .flatMap(Optional::stream)
        .map(TestExecutionResult.class::cast)
        .filter(result -> result.getStatus() == TestExecutionResult.Status.FAILED)
        .map(result -> result.getThrowable().orElseThrow())
        .toList();
  }

  /** The messages of the one failure and of all that lies behind it. */
  String failure() {
    List<Throwable> all = failures();
    if (all.size() != 1) {
      throw new AssertionError(all.size() + " failures: " + all);
    }
    List<String> messages = new ArrayList<>();
    for (Throwable at = all.get(0); at != null; at = at.getCause()) {
      messages.add(String.valueOf(at.getMessage()));
    }
    return String.join("\n", messages);
  }

  /** What is attached to the one failure. */
  String account() {
    return Arrays.stream(failures().get(0).getSuppressed())
        .map(Throwable::getMessage)
        .collect(Collectors.joining("\n"));
  }

  /** The report entries. */
  List<String> entries() {
    return results
        .allEvents()
        .reportingEntryPublished()
        .map(event -> event.getRequiredPayload(ReportEntry.class))
        .flatMap(entry -> entry.getKeyValuePairs().entrySet().stream())
        .map(pair -> pair.getKey() + "=" + pair.getValue())
        .toList();
  }
}
