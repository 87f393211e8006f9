package dev.culvert.cli.connect;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.cli.OutputFormat;
import dev.culvert.cli.connect.stream.Copy;
import dev.culvert.cli.connect.stream.EndsWay;
import dev.culvert.cli.connect.stream.FileSending;
import dev.culvert.cli.connect.stream.FlowDatagrams;
import dev.culvert.cli.connect.stream.Purpose;
import dev.culvert.cli.connect.stream.StreamFault;
import dev.culvert.cli.connect.stream.StreamSource;
import dev.culvert.cli.connect.stream.TcpForward;
import dev.culvert.cli.connect.stream.Traffic;
import dev.culvert.cli.connect.stream.TwoWay;
import dev.culvert.cli.connect.stream.UdpForward;
import dev.culvert.peer.PeerConnection;
import dev.culvert.peer.PeerEnd;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Does what a connection is wanted for. */
final class ConnectRun {
  private final Console console;
  private final CallOptions options;

  ConnectRun(Console console, CallOptions options) {
    this.console = console;
    this.options = options;
  }

  ExitCode run(List<ForwardRule> rules, List<Path> files) {
    try (Calling calling = Calling.open(console, options)) {
      if (!rules.isEmpty()) {
        return forward(calling, rules);
      }
      return files.isEmpty() ? pipe(calling) : send(calling, files);
    }
  }

  private ExitCode pipe(Calling calling) {
    try {
      Traffic traffic = pipe(PeerWay.of(calling.connection()), standard());
      show(calling, Optional.of(traffic), List.of());
      return ExitCode.OK;
    } catch (IOException e) {
      show(calling, Optional.empty(), List.of());
      throw fault(calling, e);
    }
  }

  /** What this process reads and writes; not through the console, which knows letters alone. */
  static TwoWay standard() {
    return new EndsWay(System.in, new FileOutputStream(FileDescriptor.out));
  }

  /** Leaves only once all has come out over there. */
  static Traffic pipe(StreamSource streams, TwoWay own) throws IOException {
    Traffic traffic;
    try (TwoWay stream = streams.open()) {
      new Purpose.Pipe().ask(stream);
      traffic = Copy.both(own, stream);
    }
    try (TwoWay stream = streams.open()) {
      new Purpose.Done().ask(stream);
    }
    return traffic;
  }

  private ExitCode send(Calling calling, List<Path> files) {
    List<FileSending.Sent> sent = new ArrayList<>();
    for (Path file : files) {
      try (ProgressLine progress = new ProgressLine(console, String.valueOf(file.getFileName()))) {
        sent.add(new FileSending(file, progress).over(PeerWay.of(calling.connection())));
      } catch (IOException e) {
        if (!sent.isEmpty()) {
          show(calling, Optional.empty(), sent);
        }
        throw fault(calling, e);
      }
    }
    show(calling, Optional.empty(), sent);
    return ExitCode.OK;
  }

  private ExitCode forward(Calling calling, List<ForwardRule> rules) {
    List<AutoCloseable> open = new ArrayList<>();
    try {
      StreamSource streams = PeerWay.of(calling.connection());
      PeerConnection connection = calling.connection();
      FlowDatagrams datagrams = new FlowDatagrams(connection::send, connection::maxDatagram);
      connection.onDatagram(datagrams::take);
      for (ForwardRule rule : rules) {
        console.say("forwards " + start(rule, streams, datagrams, open) + " to " + rule.target());
      }
      PeerEnd end = calling.connection().over().join();
      show(calling, Optional.empty(), List.of());
      if (end.kind() == PeerEnd.Kind.PEER_CLOSED) {
        console.say(end.words());
        return ExitCode.OK;
      }
      throw Ends.fault(end);
    } finally {
      open.forEach(ConnectRun::close);
    }
  }

  private InetSocketAddress start(
      ForwardRule rule, StreamSource streams, FlowDatagrams datagrams, List<AutoCloseable> open) {
    try {
      if (rule.target().udp()) {
        UdpForward udp =
            UdpForward.start(rule.at(), rule.target(), streams, datagrams, console::say);
        open.add(udp);
        return udp.local();
      }
      TcpForward tcp = TcpForward.start(rule.at(), rule.target(), streams, console::say);
      open.add(tcp);
      return tcp.local();
    } catch (IOException e) {
      throw Fault.usage(
          "nothing can listen at " + rule.at() + ": " + e.getMessage(), "choose another port");
    }
  }

  private static void close(AutoCloseable each) {
    try {
      each.close();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Standard output is the other side's as long as there is a pipe. */
  private void show(Calling calling, Optional<Traffic> traffic, List<FileSending.Sent> sent) {
    ConnectView view =
        new ConnectView(
            calling.connection().peer(),
            calling.connectedAfter(),
            calling.watch(),
            calling.connection().statistics(),
            traffic,
            sent);
    if (sent.isEmpty()) {
      if (console.format() != OutputFormat.TEXT) {
        console.showBeside(view);
      }
    } else {
      console.show(view);
    }
  }

  /** The end of the connection explains more than that of a stream. */
  private static Fault fault(Calling calling, IOException e) {
    Optional<PeerEnd> end = calling.end();
    if (end.isPresent()) {
      return Ends.fault(end.get());
    }
    if (e instanceof StreamFault its && its.isRefusal()) {
      return new Fault(ExitCode.INCONCLUSIVE, String.valueOf(e.getMessage()), "");
    }
    return new Fault(ExitCode.UNREACHABLE, "it was cut off: " + e.getMessage(), "");
  }
}
