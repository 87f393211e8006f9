package dev.culvert.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.lab.spec.LabSpec;
import dev.culvert.lab.world.SimWorld;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the simulator captures is read by tcpdump without a complaint. */
class SimCaptureTest {

  @Test
  void tcpdumpReadsEveryKindOfPacket(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("a.pcap");
    try (SimWorld world = SimWorld.up(LabSpec.builder().home("a", "firewall").build())) {
      world.capture("a", file);
      Sender sender = new Sender();
      for (String to : List.of("203.0.113.10", "2001:db8::a")) {
        InetAddress server = IpLiterals.parse(to).orElseThrow();
        sender.datagram(new TransportAddress(server, 9), 5);
        sender.datagram(new TransportAddress(server, 9), 3000);
        sender.connect(new TransportAddress(server, 9));
      }
      world.host("a").run(sender, event -> {});
      world.pass(Duration.ofSeconds(1));
    }
    Process tcpdump =
        new ProcessBuilder("tcpdump", "-nn", "-vv", "-r", file.toString())
            .redirectErrorStream(true)
            .start();
    String text = new String(tcpdump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, tcpdump.waitFor(), text);
    for (String part :
        List.of(
            "UDP, length 5",
            "UDP, length 3000",
            "udp port 9 unreachable",
            "unreachable port",
            "Flags [S]",
            "Flags [R.]",
            ":0|1448)")) {
      assertTrue(text.contains(part), part + " is not in\n" + text);
    }
    assertTrue(!text.contains("bad ") && !text.contains("incorrect"), text);
    assertTrue(!text.contains("truncated") && !text.contains("[|"), text);
  }

  /** Sends what it was told to and listens to nothing. */
  private static final class Sender implements Machine<String> {
    private final Queue<Output> outputs = new ArrayDeque<>();
    private long id;

    void datagram(TransportAddress to, int length) {
      InetAddress any = IpLiterals.parse(to.isIpv4() ? "0.0.0.0" : "::").orElseThrow();
      outputs.add(new Output.Bind(++id, new TransportAddress(any, 5000 + (int) id)));
      outputs.add(
          new Output.Send(new Flow(id, Transport.UDP, to, to), Bytes.wrap(new byte[length])));
    }

    void connect(TransportAddress to) {
      outputs.add(new Output.Open(++id, Transport.TCP, Optional.empty(), to, Optional.empty()));
    }

    @Override
    public void receive(Flow from, Bytes payload, MonotonicTime now) {}

    @Override
    public void accept(Input input, MonotonicTime now) {}

    @Override
    public void advance(MonotonicTime now) {}

    @Override
    public Optional<MonotonicTime> nextDeadline() {
      return Optional.empty();
    }

    @Override
    public Optional<Output> pollOutput() {
      return Optional.ofNullable(outputs.poll());
    }

    @Override
    public Optional<String> pollEvent() {
      return Optional.empty();
    }
  }
}
