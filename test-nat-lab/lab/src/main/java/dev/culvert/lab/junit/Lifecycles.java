package dev.culvert.lab.junit;

import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Whose a test instance is. */
final class Lifecycles {
  private Lifecycles() {}

  static boolean perClass(ExtensionContext context) {
    return context
        .getTestInstanceLifecycle()
        .filter(TestInstance.Lifecycle.PER_CLASS::equals)
        .isPresent();
  }

  /** The context of the class that {@code context} belongs to. */
  static ExtensionContext classOf(ExtensionContext context) {
    ExtensionContext at = context;
    while (at.getTestMethod().isPresent() && at.getParent().isPresent()) {
      at = at.getParent().get();
    }
    return at;
  }
}
