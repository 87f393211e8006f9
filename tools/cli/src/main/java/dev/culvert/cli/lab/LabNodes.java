package dev.culvert.cli.lab;

import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.cli.OwnCommand;
import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import dev.culvert.lab.LabHost;
import dev.culvert.sansio.IpLiterals;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Starts {@code culvert node} on the servers of a lab; they end with the lab. */
public final class LabNodes {
  private static final long PATIENCE_SECONDS = 20;

  private LabNodes() {}

  /**
   * Starts a node on each of the lab's usual servers: with RFC 5780 where the server has two
   * addresses.
   *
   * @return the ready lines, each after its server's name
   * @throws LabException if a program cannot be started in the lab
   * @throws Fault if a node does not get ready
   */
  public static List<String> start(Lab lab) throws LabException {
    List<Process> nodes = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (String name : List.of("s1", "s2")) {
      if (lab.addresses().containsKey(name)) {
        nodes.add(launch(lab.host(name)));
        names.add(name);
      }
    }
    List<String> ready = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      ready.add(names.get(i) + " " + readyLine(names.get(i), nodes.get(i)));
    }
    return ready;
  }

  private static Process launch(LabHost server) throws LabException {
    List<String> arguments = new ArrayList<>(List.of("node"));
    for (List<InetAddress> family : List.of(server.ipv4(), server.ipv6())) {
      if (!family.isEmpty()) {
        arguments.addAll(List.of("--listen", text(family.get(0))));
      }
      if (family.size() > 1) {
        arguments.addAll(List.of("--alternate", text(family.get(1))));
      }
    }
    // A session of its own keeps the terminal's Ctrl-C away from it.
    List<String> line = new ArrayList<>(List.of("setsid"));
    line.addAll(OwnCommand.line(arguments.toArray(String[]::new)));
    ProcessBuilder builder = server.command(line).redirectError(Redirect.DISCARD);
    builder.redirectInput(Redirect.from(new File("/dev/null")));
    OwnCommand.prepare(builder.environment());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new LabException("cannot start a program in the lab: " + e.getMessage(), e);
    }
  }

  private static String text(InetAddress ip) {
    return IpLiterals.format(ip, true);
  }

  private static String readyLine(String server, Process node) {
    CompletableFuture<Optional<String>> line = CompletableFuture.supplyAsync(() -> firstLine(node));
    try {
      Optional<String> ready = line.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (ready.isPresent()) {
        return ready.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // Told below: no ready line came.
    }
    node.destroy();
    throw new Fault(
        ExitCode.INTERNAL,
        "the node on " + server + " did not get ready",
        "start the lab with --no-node and run 'culvert lab exec " + server + " -- culvert node'");
  }

  private static Optional<String> firstLine(Process node) {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8));
    try {
      @Nullable String line = reader.readLine();
      return Optional.ofNullable(line);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
