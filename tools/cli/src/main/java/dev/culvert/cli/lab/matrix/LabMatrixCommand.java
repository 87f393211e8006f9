package dev.culvert.cli.lab.matrix;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.cli.lab.WorldConverter;
import dev.culvert.cli.lab.verb.Traits;
import dev.culvert.cli.lab.verb.Verbs;
import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import dev.culvert.lab.matrix.ConnectTheory;
import dev.culvert.lab.matrix.IceTheory;
import dev.culvert.lab.matrix.Matrix;
import dev.culvert.lab.matrix.MatrixCell;
import dev.culvert.lab.matrix.MatrixHtml;
import dev.culvert.lab.matrix.MatrixJunit;
import dev.culvert.lab.matrix.MatrixPlan;
import dev.culvert.lab.matrix.MatrixPlan.Shape;
import dev.culvert.lab.matrix.MatrixResult;
import dev.culvert.lab.matrix.ReachTheory;
import dev.culvert.lab.matrix.RelayTheory;
import dev.culvert.lab.matrix.Theory;
import dev.culvert.lab.spec.Profile;
import dev.culvert.lab.world.WorldKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code culvert lab matrix}. */
@Command(
    name = "matrix",
    header = "Tries a verb behind every pair of NATs and holds it against theory.",
    description = {
      "Verb 'reach' (the default) has two hosts, each behind a NAT, send UDP packets to each"
          + " other's addresses at the same time (RFC 5128, section 3.3). Nothing is predicted and"
          + " nobody relays: it is the honest baseline, over IPv4. Verb 'relay' has both talk"
          + " through a relay on the node, over TCP where no UDP passes. Verb 'ice' has both meet"
          + " as 'culvert ice offer' and 'answer' do, over that relay where there is no direct"
          + " path. Verb 'connect' has two peers connect to each other's keys through the node:"
          + " relayed at once, direct by whatever plan there is; it shows the times to the first"
          + " byte and to the direct path, and the plan that opened it, or why there is none. Verb"
          + " 'check' runs 'culvert check' behind each NAT.",
      "",
      "Every cell is a lab of its own with hosts a and b and a node on server s1. What should come"
          + " out follows from mapping, filtering and hairpinning (RFC 4787) of both sides; a cell"
          + " that differs is marked, with the command line that runs it alone."
    },
    exitCodeList = {
      "0:every cell is as theory says, or theory does not say",
      "1:a cell is not as theory says, or could not be run",
      "2:the command line is not understood",
      "6:no lab can start here",
      "130:interrupted"
    })
public final class LabMatrixCommand implements Callable<Integer> {
  private static final List<String> VERBS = List.of("reach", "relay", "ice", "connect", "check");

  private final Console console;

  @Parameters(
      arity = "0..1",
      paramLabel = "VERB",
      defaultValue = "reach",
      description = "reach, relay, ice, connect or check (default: ${DEFAULT-VALUE}).")
  private String verb = "reach";

  @Option(
      names = "--profiles",
      paramLabel = "PROFILE,...",
      split = ",",
      description =
          "Behind which NATs (default: all that 'culvert lab profiles' lists); also"
              + " MAPPING/FILTERING/PORTS.")
  private List<String> profiles = List.of();

  @Option(
      names = "--pair",
      paramLabel = "PROFILE,PROFILE",
      split = ",",
      description = "One cell alone: what a and b stand behind.")
  private List<String> pair = List.of();

  @Option(
      names = "--world",
      paramLabel = "WORLD",
      converter = WorldConverter.class,
      description = "sim or kernel (default: sim).")
  private WorldKind world = WorldKind.SIM;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Everything that is left to chance follows from it (default: 1).")
  private long seed = 1;

  @Option(names = "--junit", paramLabel = "FILE", description = "Write JUnit XML to FILE too.")
  private @Nullable Path junit;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page to FILE too, to be shown in a browser; it needs nothing else.")
  private @Nullable Path html;

  LabMatrixCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    MatrixPlan plan = plan();
    if (world == WorldKind.KERNEL) {
      Optional<String> problem = Lab.problem();
      if (problem.isPresent()) {
        throw new Fault(
            ExitCode.NO_NETWORK, "the lab: " + problem.get(), "--world sim needs no lab");
      }
    }
    MatrixResult result = run(plan);
    if (junit != null) {
      write(junit, MatrixJunit.write(result));
    }
    if (html != null) {
      write(html, MatrixHtml.write(result));
    }
    console.show(new MatrixView(result));
    return (result.isRight() ? ExitCode.OK : ExitCode.INTERNAL).number();
  }

  private MatrixPlan plan() {
    boolean check = verb.equals("check");
    boolean ice = verb.equals("ice");
    boolean connect = verb.equals("connect");
    if (!VERBS.contains(verb)) {
      throw Fault.usage(
          "the matrix knows no verb '" + verb + "'", "choose from " + String.join(", ", VERBS));
    }
    Shape shape = check ? Shape.SINGLES : Shape.PAIRS;
    Function<Map<String, String>, String> outcome =
        check
            ? fields -> Traits.found(fields).words()
            : fields -> fields.getOrDefault("outcome", MatrixCell.FAULT);
    return new MatrixPlan(
        Verbs.named(verb),
        check ? List.of("-4") : connect ? List.of("--once") : List.of(),
        Verbs.named("node", node()),
        shape,
        cells(shape),
        world,
        seed,
        outcome,
        theory(),
        Duration.ofSeconds(ice || connect ? 120 : 60));
  }

  /** What the node does besides STUN. */
  private List<String> node() {
    return switch (verb) {
      case "relay", "ice" -> List.of("--relay");
      case "connect" -> List.of("--relay", "--rendezvous");
      default -> List.of();
    };
  }

  private Theory theory() {
    return switch (verb) {
      case "check" -> LabMatrixCommand::checkTheory;
      case "relay" -> new RelayTheory();
      case "ice" -> new IceTheory();
      case "connect" -> new ConnectTheory();
      default -> new ReachTheory();
    };
  }

  private static Optional<Theory.Expected> checkTheory(List<Profile> cell) {
    return Optional.of(
        new Theory.Expected(
            Traits.of(cell.get(0)).words(), "the hardest of the routers on the way decides"));
  }

  private List<List<Profile>> cells(Shape shape) {
    try {
      if (!pair.isEmpty()) {
        List<Profile> both = pair.stream().map(Profile::parse).toList();
        if (shape == Shape.SINGLES || both.size() != 2 || !profiles.isEmpty()) {
          throw Fault.usage("--pair names one cell", "write --pair prc,sym, without --profiles");
        }
        return List.of(both);
      }
      List<Profile> all =
          profiles.isEmpty()
              ? Lab.profiles()
              : profiles.stream().distinct().map(Profile::parse).toList();
      return MatrixPlan.cellsOf(shape, all);
    } catch (IllegalArgumentException e) {
      throw Fault.usage(String.valueOf(e.getMessage()), "");
    }
  }

  private MatrixResult run(MatrixPlan plan) {
    AtomicInteger done = new AtomicInteger();
    try {
      return Matrix.run(
          plan,
          cell ->
              console.progress(
                  done.incrementAndGet()
                      + " of "
                      + plan.cells().size()
                      + ": "
                      + cell.name()
                      + " "
                      + cell.outcome()));
    } catch (LabException e) {
      throw new Fault(ExitCode.NO_NETWORK, "the lab: " + e.getMessage(), "");
    }
  }

  private void write(Path file, String text) {
    try {
      Files.writeString(file, console.redacted(text));
    } catch (IOException e) {
      throw Fault.usage(
          "cannot write " + file + " (" + e.getClass().getSimpleName() + ")",
          "name a file in a folder that exists and is yours");
    }
  }
}
