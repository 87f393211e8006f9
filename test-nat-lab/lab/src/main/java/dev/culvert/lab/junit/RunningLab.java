package dev.culvert.lab.junit;

import dev.culvert.lab.LabException;
import dev.culvert.lab.host.WorldHosts;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.lab.world.WorldKind;
import dev.culvert.natsim.Trace;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;

/** A lab that is up for a test or a class; its store closes it, whatever happens. */
final class RunningLab implements AutoCloseable {
  private static final Namespace NAMESPACE = Namespace.create(RunningLab.class);
  private static final String CURRENT = "current";
  private static final int MOST_EVENTS = 200;

  /** The lab that a test or class uses; unlike the lab itself no store closes it. */
  private record Current(RunningLab lab) {}

  private final LabRequest request;
  private final LabWorld world;
  private final WorldHosts hosts;
  private final Optional<Trace> trace;

  private RunningLab(LabRequest request, WorldKind kind) throws LabException {
    this.request = request;
    if (kind == WorldKind.SIM) {
      SimWorld sim = SimWorld.up(request.spec());
      Trace kept = new Trace(MOST_EVENTS);
      sim.world().observe(kept);
      trace = Optional.of(kept);
      world = sim;
    } else {
      trace = Optional.empty();
      world = KernelWorld.up(request.spec());
    }
    hosts = WorldHosts.of(world);
  }

  /** Brings the lab up that a test shall use, unless the tests of its class have it up already. */
  static void open(LabRequest request, WorldKind kind, ExtensionContext context)
      throws LabException {
    WorldChoice.abortIfUnavailable(request, kind, context);
    ExtensionContext owner = request.owner();
    try {
      RunningLab lab =
          owner
              .getStore(NAMESPACE)
              .getOrComputeIfAbsent(
                  owner.getUniqueId() + " in " + kind, key -> up(request, kind), RunningLab.class);
      context.getStore(NAMESPACE).put(CURRENT, new Current(lab));
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof LabException fault) {
        throw fault;
      }
      throw e;
    }
  }

  /** The lab that a test or class uses, if it is up. */
  static Optional<RunningLab> of(ExtensionContext context) {
    Store store = context.getStore(NAMESPACE);
    return Optional.ofNullable(store.get(CURRENT, Current.class)).map(Current::lab);
  }

  /** The same for those who cannot do without. */
  static RunningLab require(ExtensionContext context) {
    return of(context)
        .orElseThrow(
            () ->
                new ExtensionConfigurationException(
                    "no lab is up for "
                        + context.getDisplayName()
                        + "; @BeforeAll and @AfterAll have one in a class with"
                        + " @TestInstance(PER_CLASS) that runs in one world"));
  }

  LabRequest request() {
    return request;
  }

  LabWorld world() {
    return world;
  }

  WorldHosts hosts() {
    return hosts;
  }

  Optional<Trace> trace() {
    return trace;
  }

  @Override
  public void close() throws LabException {
    try {
      hosts.close();
    } finally {
      world.close();
    }
  }

  private static RunningLab up(LabRequest request, WorldKind kind) {
    try {
      return new RunningLab(request, kind);
    } catch (LabException e) {
      throw new UncheckedIOException(e);
    }
  }
}
