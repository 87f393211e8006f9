package dev.culvert.cli.demo;

import dev.culvert.cli.Console;
import dev.culvert.cli.OwnCommand;
import dev.culvert.cli.lab.LabNodes;
import dev.culvert.lab.Lab;
import dev.culvert.lab.LabException;
import dev.culvert.lab.LabHost;
import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.spec.LabSpecBuilder;
import dev.culvert.lab.spec.Profile;
import dev.culvert.sansio.IpLiterals;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The demonstration with the kernel's NATs: a lab, a node on its server, a process per check. */
final class KernelDemo {
  private final Console console;

  KernelDemo(Console console) {
    this.console = console;
  }

  /**
   * Runs a check behind each kind of NAT.
   *
   * @throws LabException if no lab can start here
   */
  List<DemoResult> run(List<Profile> profiles) throws LabException {
    LabSpecBuilder builder = LabSpec.builder();
    for (int i = 0; i < profiles.size(); i++) {
      builder.home(host(i), profiles.get(i));
    }
    console.progress("starting a lab with " + profiles.size() + " kinds of NAT ...");
    try (Lab lab = Lab.up(builder.build())) {
      console.progress("starting a node on its server ...");
      LabNodes.start(lab);
      return checks(lab, profiles);
    }
  }

  private List<DemoResult> checks(Lab lab, List<Profile> profiles) {
    AtomicInteger done = new AtomicInteger();
    ExecutorService pool =
        Executors.newFixedThreadPool(Math.max(2, Runtime.getRuntime().availableProcessors()));
    try {
      List<CompletableFuture<DemoResult>> running = new ArrayList<>();
      for (int i = 0; i < profiles.size(); i++) {
        Profile profile = profiles.get(i);
        LabHost host = lab.host(host(i));
        running.add(
            CompletableFuture.supplyAsync(
                () -> {
                  DemoResult result = check(lab, host, profile);
                  console.progress(
                      "checked behind " + done.incrementAndGet() + " of " + profiles.size());
                  return result;
                },
                pool));
      }
      return running.stream().map(CompletableFuture::join).toList();
    } finally {
      pool.shutdownNow();
    }
  }

  private static DemoResult check(Lab lab, LabHost host, Profile profile) {
    List<String> line =
        OwnCommand.line(
            "check",
            "-4",
            "-q",
            "-o",
            "json",
            "--deadline=12s",
            "--server",
            address(lab, "s1"),
            "--server",
            address(lab, "s2"));
    ProcessBuilder process = host.command(line);
    process.redirectError(Redirect.DISCARD);
    OwnCommand.prepare(process.environment());
    long began = System.nanoTime();
    try {
      Process check = process.start();
      check.getOutputStream().close();
      String json;
      try (InputStream out = check.getInputStream()) {
        json = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      }
      Duration elapsed = Duration.ofNanos(System.nanoTime() - began);
      Map<String, String> fields = JsonFields.read(json);
      String grade = fields.getOrDefault("verdict.grade", "none");
      return new DemoResult(profile, Traits.found(fields), grade, elapsed);
    } catch (IOException e) {
      Duration elapsed = Duration.ofNanos(System.nanoTime() - began);
      return new DemoResult(profile, Traits.found(Map.of()), "none", elapsed);
    }
  }

  private static String host(int index) {
    return "h" + index;
  }

  private static String address(Lab lab, String server) {
    InetAddress ip = lab.host(server).firstIpv4().orElseThrow();
    return IpLiterals.format(ip, true);
  }
}
