package dev.culvert.it;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** One connection of a {@link DrivenPeer}, with whoever it is. */
final class OwnPeer implements IceParty {
  private static final Set<String> ENDS = Set.of("error", "failed");

  private final DrivenConnection connection;
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();

  /** The connection tells nobody else what its partner is to know. */
  OwnPeer(DrivenConnection connection) {
    this.connection = connection;
    connection.listen(this::take);
  }

  /**
   * Opens one.
   *
   * @param id no other of this process has it
   */
  static OwnPeer open(DrivenPeer peer, String id, boolean controls, String policy)
      throws IOException {
    String role = controls ? "controlling" : "controlled";
    return new OwnPeer(peer.open(id, role, "policy", policy));
  }

  /** The same that only answers checks (RFC 8445 §2.5). */
  static OwnPeer lite(DrivenPeer peer, String id) throws IOException {
    return new OwnPeer(peer.open(id, "controlled", "lite", "true"));
  }

  private void take(DrivenEvent event) {
    switch (event.name()) {
      case "described", "restarted" -> signals.add(new Signal.Description(event.field("sdp")));
      case "candidate" -> signals.add(new Signal.NewCandidate(event.field("candidate")));
      case "end" -> signals.add(new Signal.End());
      default -> {}
    }
  }

  @Override
  public Optional<Signal> next(Duration limit) throws InterruptedException {
    return Optional.ofNullable(signals.poll(limit.toMillis(), TimeUnit.MILLISECONDS));
  }

  @Override
  public void hear(Signal signal) throws IOException {
    if (signal instanceof Signal.Description description) {
      connection.order("remote", "description", description.sdp());
    } else if (signal instanceof Signal.NewCandidate candidate) {
      connection.order("candidate", "candidate", candidate.line());
    } else {
      connection.order("end");
    }
  }

  @Override
  public void restart() throws IOException {
    connection.order("restart");
  }

  /** Sends a datagram where the path leads. */
  void send(byte[] data) throws IOException {
    connection.send(data);
  }

  /** How much was told by now. */
  int now() {
    return connection.mark();
  }

  /** Waits for an event at or after {@code from}; a failure, or a fault of ours, ends the wait. */
  DrivenEvent await(int from, String what, Predicate<DrivenEvent> wanted) throws Exception {
    DrivenEvent event =
        connection.await(
            from, what, Limits.PROMPT, its -> wanted.test(its) || ENDS.contains(its.name()));
    if (!wanted.test(event)) {
      throw new AssertionError(event.fields() + " in place of " + what + ": " + this);
    }
    return event;
  }

  /** Waits for a nominated path that leads past a relay, or does not. */
  DrivenEvent awaitPath(boolean relayed) throws Exception {
    return await(
        0,
        "path",
        its ->
            its.name().equals("path")
                && its.field("selected").equals("true")
                && its.isRelayed() == relayed);
  }

  /** Whether something of this name was told at or after {@code from}. */
  boolean told(int from, String name) {
    return connection.events().stream().skip(from).anyMatch(its -> its.name().equals(name));
  }

  /** Waits for enough different datagrams of a flow at or after {@code from}, and no other. */
  void awaitFlow(int from) throws InterruptedException {
    Numbered numbered = new Numbered(Flow.ENOUGH, Flow.BYTES);
    // Each event is asked about once.
    boolean enough =
        connection
            .awaitOr(
                from,
                Limits.PROMPT,
                its -> its.name().equals("received") && numbered.take(its.data()))
            .isPresent();
    if (!enough || numbered.wrong() > 0) {
      throw new AssertionError(numbered + ": " + this);
    }
  }

  @Override
  public String toString() {
    return connection + connection.story();
  }

  @Override
  public void close() throws IOException {
    connection.order("close");
  }
}
