package dev.culvert.lab.junit;

import dev.culvert.lab.scenario.Scenario;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LabSpecBuilder;
import dev.culvert.lab.spec.LinkSpec;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What a {@link NatLab} asks for, and whose it is.
 *
 * @param spec what is in the lab
 * @param scenario what that came from, if it did not come from the annotation itself
 * @param asked the annotation
 * @param owner the test, or the class whose tests share the lab
 */
record LabRequest(LabSpec spec, Optional<Scenario> scenario, NatLab asked, ExtensionContext owner) {
  static final String SEED = "culvert.lab.seed";

  /** The nearest one: of the method, of the class, of a class around it. */
  static Optional<LabRequest> of(ExtensionContext context) {
    Optional<NatLab> ofMethod =
        context.getTestMethod().flatMap(it -> AnnotationSupport.findAnnotation(it, NatLab.class));
    Optional<NatLab> asked = ofMethod.or(() -> ofClass(context.getTestClass()));
    return asked.map(
        natLab -> {
          boolean shared = ofMethod.isEmpty() && Lifecycles.perClass(context);
          ExtensionContext owner = shared ? Lifecycles.classOf(context) : context;
          return request(natLab, context, owner);
        });
  }

  private static Optional<NatLab> ofClass(Optional<Class<?>> innermost) {
    Optional<Class<?>> type = innermost;
    while (type.isPresent()) {
      Optional<NatLab> found = AnnotationSupport.findAnnotation(type.get(), NatLab.class);
      if (found.isPresent()) {
        return found;
      }
      type = Optional.ofNullable(type.get().getEnclosingClass());
    }
    return Optional.empty();
  }

  private static LabRequest request(
      NatLab asked, ExtensionContext context, ExtensionContext owner) {
    try {
      OptionalLong seed = seed(asked, context);
      if (asked.scenario().isBlank()) {
        return new LabRequest(spec(asked, seed.orElse(0)), Optional.empty(), asked, owner);
      }
      if (asked.homes().length + asked.servers().length + asked.links().length > 0) {
        throw new IllegalArgumentException("either a scenario or homes, servers and links");
      }
      Scenario found = ScenarioSource.read(asked.scenario(), context.getRequiredTestClass());
      Scenario scenario = seed.isPresent() ? found.withSeed(seed.getAsLong()) : found;
      return new LabRequest(scenario.topology(), Optional.of(scenario), asked, owner);
    } catch (IllegalArgumentException e) {
      throw new ExtensionConfigurationException(
          "@NatLab for " + context.getDisplayName() + ": " + e.getMessage(), e);
    }
  }

  private static LabSpec spec(NatLab asked, long seed) {
    LabSpecBuilder builder = LabSpec.builder().seed(seed);
    each(asked.servers(), "NAME=N", (name, text) -> builder.server(name, count(text)));
    each(asked.homes(), "NAME=PROFILE", builder::home);
    each(asked.links(), "NAME=LINK", (name, text) -> builder.link(name, LinkSpec.parse(text)));
    return builder.build();
  }

  private static OptionalLong seed(NatLab asked, ExtensionContext context) {
    String text = context.getConfigurationParameter(SEED).orElse("");
    if (text.isEmpty()) {
      return asked.seed() == 0 ? OptionalLong.empty() : OptionalLong.of(asked.seed());
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(SEED + " is '" + text + "', which is no number", e);
    }
  }

  private static void each(String[] texts, String form, BiConsumer<String, String> taker) {
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("'" + text + "' is not " + form);
      }
      taker.accept(text.substring(0, equals), text.substring(equals + 1));
    }
  }

  private static int count(String text) {
    if (!text.matches("[1-8]")) {
      throw new IllegalArgumentException("'" + text + "' is no number of addresses, 1 to 8");
    }
    return Integer.parseInt(text);
  }
}
