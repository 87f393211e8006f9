package dev.culvert.lab.junit;

import dev.culvert.lab.LabException;
import dev.culvert.lab.world.WorldKind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/** Does what {@link NatLab} asks for; registered by it. Safe for use by several threads. */
public final class NatLabExtension
    implements BeforeAllCallback,
        BeforeEachCallback,
        TestInstancePreConstructCallback,
        ParameterResolver,
        TestExecutionExceptionHandler,
        LifecycleMethodExecutionExceptionHandler {

  /** Made by JUnit. */
  public NatLabExtension() {}

  /** Constructors belong to the test that they are called for, and so does its lab. */
  @Override
  public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
    return ExtensionContextScope.TEST_METHOD;
  }

  @Override
  public void preConstructTestInstance(TestInstanceFactoryContext what, ExtensionContext context)
      throws LabException {
    open(context);
  }

  @Override
  public void beforeAll(ExtensionContext context) throws LabException {
    open(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws LabException {
    open(context);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return LabParameter.supports(parameter);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return LabParameter.of(parameter, RunningLab.require(context));
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw explained(context, failure);
  }

  @Override
  public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw explained(context, failure);
  }

  @Override
  public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw explained(context, failure);
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw explained(context, failure);
  }

  @Override
  public void handleAfterAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    throw explained(context, failure);
  }

  private static void open(ExtensionContext context) throws LabException {
    LabRequest request = LabRequest.of(context).orElse(null);
    boolean ofTest = context.getTestMethod().isPresent();
    if (request == null || !(ofTest || Lifecycles.perClass(context)) || isLabTest(context)) {
      return;
    }
    List<WorldKind> kinds = WorldChoice.of(request, context);
    if (kinds.size() == 1) {
      RunningLab.open(request, kinds.get(0), context);
    } else if (ofTest) {
      throw new ExtensionConfigurationException(
          context.getDisplayName()
              + " shall run in both worlds; that takes @LabTest in place of @Test");
    }
  }

  private static boolean isLabTest(ExtensionContext context) {
    return context
        .getTestMethod()
        .filter(method -> AnnotationSupport.isAnnotated(method, LabTest.class))
        .isPresent();
  }

  private static Throwable explained(ExtensionContext context, Throwable failure) {
    Optional<RunningLab> lab = RunningLab.of(context);
    if (lab.isPresent() && !(failure instanceof TestAbortedException)) {
      failure.addSuppressed(LabAccount.of(lab.get(), context));
      context.publishReportEntry("culvert.lab.rerun", LabAccount.rerun(lab.get().world(), context));
    }
    return failure;
  }
}
