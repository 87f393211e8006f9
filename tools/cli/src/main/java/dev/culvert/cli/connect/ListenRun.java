package dev.culvert.cli.connect;

import dev.culvert.cli.Console;
import dev.culvert.cli.ExitCode;
import dev.culvert.cli.Fault;
import dev.culvert.cli.connect.stream.FlowDatagrams;
import dev.culvert.cli.connect.stream.Inbox;
import dev.culvert.cli.connect.stream.Purpose;
import dev.culvert.cli.connect.stream.Reception;
import dev.culvert.cli.connect.stream.Services;
import dev.culvert.cli.connect.stream.Target;
import dev.culvert.cli.connect.stream.Traffic;
import dev.culvert.cli.connect.stream.Words;
import dev.culvert.cli.introduce.ContactsFile.Contact;
import dev.culvert.identity.PeerId;
import dev.culvert.peer.PeerConnection;
import dev.culvert.rendezvous.Invite;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.call.AcceptPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Waits for callers, and serves them. */
final class ListenRun implements Reception.Listener {
  private static final Duration VALIDITY = Duration.ofDays(1);

  /** For the other side to see that the pipe has ended, and to leave. */
  private static final long FAREWELL_SECONDS = 10;

  private static final int SHORT = 12;

  private final Console console;
  private final JoinOptions options;
  private final AcceptPolicy accepts;
  private final InviteMode invites;
  private final Map<PeerId, String> names = new HashMap<>();
  private final CompletableFuture<String> pipe = new CompletableFuture<>();
  private final CompletableFuture<Void> piper = new CompletableFuture<>();

  ListenRun(Console console, JoinOptions options, AcceptPolicy accepts, InviteMode invites) {
    this.console = console;
    this.options = options;
    this.accepts = accepts;
    this.invites = invites;
    // Once: what somebody does to the file meanwhile must not keep callers from being served.
    for (Contact each : options.contacts()) {
      each.name().ifPresent(name -> names.putIfAbsent(each.peer(), Words.clean(name)));
    }
  }

  ExitCode run(Set<Target> forwards, Optional<Inbox> inbox, Optional<Path> folder) {
    boolean pipes = forwards.isEmpty() && inbox.isEmpty();
    Services services =
        new Services(
            pipes ? Optional.of(ConnectRun.standard()) : Optional.empty(), forwards, inbox);
    Reception reception = new Reception(services, this);
    try (OwnPeer own = OwnPeer.toListen(console, options, accepts)) {
      own.node().listen(connection -> serve(connection, reception));
      if (!own.awaitNode(options.patience())) {
        console.say("no node answers so far; it is tried again and again");
      }
      ListenView view =
          new ListenView(own.node().id(), invite(own), nodes(own), pipes, forwards, folder);
      if (pipes) {
        console.showBeside(view);
      } else {
        console.show(view);
      }
      String fault = pipe.join();
      CompletableFuture<Void> left =
          piper.completeOnTimeout(null, FAREWELL_SECONDS, TimeUnit.SECONDS);
      left.join();
      if (!fault.isEmpty()) {
        throw new Fault(ExitCode.UNREACHABLE, "the pipe was cut off: " + fault, "");
      }
      return ExitCode.OK;
    }
  }

  /** Ends it in good order, as the end of the pipe does. */
  void stop() {
    pipe.complete("");
    piper.complete(null);
  }

  private Optional<Invite> invite(OwnPeer own) {
    return invites == InviteMode.NONE
        ? Optional.empty()
        : Optional.of(own.node().invite(VALIDITY, invites == InviteMode.ONCE).join());
  }

  private static List<KnownNode> nodes(OwnPeer own) {
    return own.node().nodes().join();
  }

  /** On the event loop. */
  private void serve(PeerConnection connection, Reception reception) {
    String who = name(connection.peer());
    console.say(who + " is connected");
    connection.onEvent(new PathWatch(console, who + " "));
    FlowDatagrams datagrams = new FlowDatagrams(connection::send, connection::maxDatagram);
    connection.onStream(stream -> reception.take(who, new PeerWay(stream), datagrams));
    connection.onDatagram(
        datagram -> {
          datagrams.take(datagram);
          Echoes.serve(connection, datagram);
        });
    CompletableFuture<Void> unused =
        connection
            .over()
            .thenAccept(
                end -> {
                  console.say(who + " has gone: " + end.words());
                  if (pipe.isDone()) {
                    piper.complete(null);
                  }
                });
  }

  private String name(PeerId peer) {
    return names.getOrDefault(peer, peer.toString().substring(0, SHORT));
  }

  @Override
  public void began(String from, Purpose purpose) {
    if (purpose instanceof Purpose.Forward forward) {
      console.say(from + " reaches " + forward.target());
    } else if (purpose instanceof Purpose.File file) {
      console.say(
          from + " sends " + Words.clean(file.name()) + ", " + ProgressLine.bytes(file.size()));
    } else if (purpose instanceof Purpose.Pipe) {
      console.say(from + " has the pipe");
    }
  }

  @Override
  public void received(String from, Path file, long size) {
    console.say(file.getFileName() + " is here, " + ProgressLine.bytes(size) + ", from " + from);
  }

  @Override
  public void pipeEnded(Traffic traffic, String fault) {
    pipe.complete(fault);
  }

  @Override
  public void failed(String from, String fault) {
    console.say(from + ": " + fault);
  }
}
