package dev.culvert.lab.matrix;

import dev.culvert.lab.LabException;
import dev.culvert.lab.matrix.MatrixPlan.Shape;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.world.KernelWorld;
import dev.culvert.lab.world.LabWorld;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.lab.world.VerbRun;
import dev.culvert.lab.world.WorldKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Runs a verb behind profiles, each cell in a lab of its own. Simulated cells run one after the
 * other; of the kernel's labs a few are up at once, since starting more only makes each slower.
 */
public final class Matrix {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MOST_LABS = 4;

  private final MatrixPlan plan;

  private Matrix(MatrixPlan plan) {
    this.plan = plan;
  }

  /**
   * Runs all cells.
   *
   * @param listener is told of each cell as it is there, one at a time, in any order
   * @throws LabException if no lab can start here, or if interrupted
   */
  public static MatrixResult run(MatrixPlan plan, Consumer<? super MatrixCell> listener)
      throws LabException {
    long began = System.nanoTime();
    List<MatrixCell> cells = new Matrix(plan).cells(listener);
    return new MatrixResult(
        plan.verb().name(),
        plan.shape(),
        plan.world(),
        plan.seed(),
        plan.profiles(),
        cells,
        Duration.ofNanos(System.nanoTime() - began));
  }

  private List<MatrixCell> cells(Consumer<? super MatrixCell> listener) throws LabException {
    int atOnce = plan.world() == WorldKind.SIM ? 1 : atOnce();
    ExecutorService pool = Executors.newFixedThreadPool(atOnce);
    try {
      List<Future<MatrixCell>> running = new ArrayList<>();
      for (List<Profile> profiles : plan.cells()) {
        running.add(
            pool.submit(
                () -> {
                  MatrixCell cell = run(profiles);
                  synchronized (this) {
                    listener.accept(cell);
                  }
                  return cell;
                }));
      }
      List<MatrixCell> done = new ArrayList<>();
      for (Future<MatrixCell> cell : running) {
        done.add(cell.get());
      }
      return done;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted while the matrix ran", e);
    } catch (ExecutionException e) {
      throw new LabException("a cell of the matrix: " + e.getCause(), e);
    } finally {
      pool.shutdownNow();
    }
  }

  private static int atOnce() {
    return Math.min(MOST_LABS, Math.max(2, Runtime.getRuntime().availableProcessors()));
  }

  private MatrixCell run(List<Profile> profiles) {
    try (LabWorld world = up(plan.spec(profiles))) {
      VerbRun server = plan.server().start(world, "s1", List.of());
      if (!world.await(server::isReady, PATIENCE)) {
        return fault(profiles, "the server does not get ready: " + server.output().strip());
      }
      PacketTrace trace = PacketTrace.of(world);
      MatrixCell cell = cell(profiles, world);
      return cell.isRight() ? cell : cell.withTrace(trace.lines());
    } catch (LabException | IllegalArgumentException e) {
      return fault(profiles, String.valueOf(e.getMessage()));
    }
  }

  private MatrixCell cell(List<Profile> profiles, LabWorld world) throws LabException {
    Duration began = world.elapsed();
    List<String> arguments = new ArrayList<>(plan.arguments());
    if (plan.shape() == Shape.PAIRS) {
      arguments.add(0, "b");
    }
    VerbRun run = plan.verb().start(world, "a", arguments);
    boolean done = world.await(run::isDone, plan.limit());
    run.stop();
    Map<String, String> fields = run.fields();
    if (!done || fields.isEmpty()) {
      String what = done ? "it found nothing: " : "it did not end within " + plan.limit() + ": ";
      return fault(profiles, what + run.output().strip());
    }
    Duration time =
        Optional.ofNullable(fields.get("elapsedMillis"))
            .filter(text -> text.matches("[0-9]{1,9}"))
            .map(text -> Duration.ofMillis(Long.parseLong(text)))
            .orElse(world.elapsed().minus(began));
    return new MatrixCell(
        profiles,
        plan.outcome().apply(fields),
        plan.theory().of(profiles),
        time,
        fields,
        run.output().strip(),
        List.of(),
        rerun(profiles));
  }

  private MatrixCell fault(List<Profile> profiles, String why) {
    return new MatrixCell(
        profiles,
        MatrixCell.FAULT,
        plan.theory().of(profiles),
        Duration.ZERO,
        Map.of(),
        why,
        List.of(),
        rerun(profiles));
  }

  private String rerun(List<Profile> profiles) {
    String option = plan.shape() == Shape.SINGLES ? "--profiles " : "--pair ";
    return "culvert lab matrix "
        + plan.verb().name()
        + " "
        + option
        + profiles.stream().map(Profile::name).collect(Collectors.joining(","))
        + " --world "
        + plan.world().code()
        + " --seed "
        + plan.seed();
  }

  private LabWorld up(LabSpec spec) throws LabException {
    return plan.world() == WorldKind.SIM ? SimWorld.up(spec) : KernelWorld.up(spec);
  }
}
