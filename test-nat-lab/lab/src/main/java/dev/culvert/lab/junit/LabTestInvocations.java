package dev.culvert.lab.junit;

import dev.culvert.lab.LabException;
import dev.culvert.lab.world.WorldKind;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/** Runs a {@link LabTest} once in each world; registered by it. Safe for use by several threads. */
public final class LabTestInvocations implements TestTemplateInvocationContextProvider {

  /** Made by JUnit. */
  public LabTestInvocations() {}

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return true;
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    return WorldChoice.of(request(context), context).stream().map(InWorld::new);
  }

  private static LabRequest request(ExtensionContext context) {
    return LabRequest.of(context)
        .orElseThrow(
            () ->
                new ExtensionConfigurationException(
                    context.getDisplayName() + " is a @LabTest; it or its class needs a @NatLab"));
  }

  /** One run of a test. */
  private record InWorld(WorldKind kind)
      implements TestTemplateInvocationContext,
          TestInstancePreConstructCallback,
          BeforeEachCallback {

    @Override
    public String getDisplayName(int index) {
      return "in " + kind.code();
    }

    @Override
    public List<Extension> getAdditionalExtensions() {
      return List.of(this);
    }

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
      return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public void preConstructTestInstance(TestInstanceFactoryContext what, ExtensionContext context)
        throws LabException {
      RunningLab.open(request(context), kind, context);
    }

    @Override
    public void beforeEach(ExtensionContext context) throws LabException {
      RunningLab.open(request(context), kind, context);
    }
  }
}
