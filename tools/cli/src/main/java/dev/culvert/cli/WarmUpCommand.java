package dev.culvert.cli;

import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.transport.server.ListenException;
import dev.culvert.transport.server.StunListener;
import dev.culvert.transport.server.StunServer;
import dev.culvert.transport.server.StunServerConfig;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * {@code culvert warm-up}: does in small what the commands do, within this process and over the
 * loopback only, so that the launcher can put the classes they need into a shared archive.
 */
@Command(name = "warm-up", hidden = true, header = "Exercises the commands for the launcher.")
final class WarmUpCommand implements Callable<Integer> {

  WarmUpCommand() {}

  @Override
  public Integer call() throws ListenException {
    run("--help");
    TransportAddress any = new TransportAddress(IpLiterals.parse("127.0.0.1").orElseThrow(), 0);
    StunServerConfig config = StunServerConfig.of(List.of(StunListener.plain(any))).withThreads(1);
    try (StunServer server = StunServer.start(config)) {
      String address = server.addresses(Transport.UDP).get(0).toString();
      run("check", "--server", address, "--deadline=1s", "--color=always");
      run("check", "--server", address, "-4", "--deadline=500ms", "-o", "json", "-q");
      run("stun", address, "--transport=udp,tcp", "--deadline=500ms");
    }
    run("lab", "profiles");
    return ExitCode.OK.number();
  }

  private static void run(String... args) {
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    Culvert.run(new Console(new Streams(nowhere, nowhere, false, false, true, Map.of())), args);
  }
}
