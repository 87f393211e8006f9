package dev.culvert.lab.junit;

import dev.culvert.lab.Lab;
import dev.culvert.lab.scenario.Scenario;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.lab.world.WorldKind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Decides in which worlds a test runs. */
final class WorldChoice {
  static final String WORLD = "culvert.lab.world";

  private static final List<WorldKind> SIM = List.of(WorldKind.SIM);
  private static final List<WorldKind> KERNEL = List.of(WorldKind.KERNEL);
  private static final List<WorldKind> BOTH = List.of(WorldKind.SIM, WorldKind.KERNEL);

  private WorldChoice() {}

  /** One or both, each once. */
  static List<WorldKind> of(LabRequest request, ExtensionContext context) {
    List<WorldKind> wanted =
        switch (request.asked().world()) {
          case SIM -> SIM;
          case KERNEL -> KERNEL;
          case BOTH -> BOTH;
          case AUTOMATIC -> automatic(request, context);
        };
    wanted = meant(wanted, request, context);
    boolean fallsBack =
        request.asked().ifUnavailable() == IfUnavailable.SIM
            && request.scenario().map(it -> it.worlds().contains(WorldKind.SIM)).orElse(true);
    return fallsBack && wanted.contains(WorldKind.KERNEL) && problem(context).isPresent()
        ? SIM
        : wanted;
  }

  /** Aborts the test if no kernel lab can start and the user wants it so. */
  static void abortIfUnavailable(LabRequest request, WorldKind kind, ExtensionContext context) {
    if (kind == WorldKind.KERNEL && request.asked().ifUnavailable() == IfUnavailable.ABORT) {
      problem(context).ifPresent(why -> Assumptions.abort("no lab can start here: " + why));
    }
  }

  /** Those of them that a scenario is meant for. */
  private static List<WorldKind> meant(
      List<WorldKind> wanted, LabRequest request, ExtensionContext context) {
    Scenario scenario = request.scenario().orElse(null);
    if (scenario == null) {
      return wanted;
    }
    List<WorldKind> meant = wanted.stream().filter(scenario.worlds()::contains).toList();
    if (!meant.isEmpty()) {
      return meant;
    }
    if (request.asked().world() == Worlds.AUTOMATIC) {
      return List.copyOf(scenario.worlds());
    }
    throw new ExtensionConfigurationException(
        context.getDisplayName()
            + " shall run where its scenario does not: "
            + scenario.restriction().map(Scenario.Restriction::reason).orElse("it has no world"));
  }

  private static List<WorldKind> automatic(LabRequest request, ExtensionContext context) {
    String said = context.getConfigurationParameter(WORLD).orElse("");
    return switch (said) {
      case "sim" -> SIM;
      case "kernel" -> KERNEL;
      case "both" -> BOTH;
      case "" -> SimWorld.limits(request.spec()).isEmpty() ? SIM : KERNEL;
      default ->
          throw new ExtensionConfigurationException(
              WORLD + " is '" + said + "'; it may be sim, kernel or both");
    };
  }

  /** Why no kernel lab can start here; asked once in a run. */
  @SuppressWarnings("unchecked") // Nobody else uses this namespace.
  private static Optional<String> problem(ExtensionContext context) {
    return (Optional<String>)
        context
            .getRoot()
            .getStore(Namespace.create(WorldChoice.class))
            .getOrComputeIfAbsent("problem", key -> Lab.problem(), Optional.class);
  }
}
