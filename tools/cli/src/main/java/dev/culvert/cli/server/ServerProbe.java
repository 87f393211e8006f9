package dev.culvert.cli.server;

import dev.culvert.detect.IpFamily;
import dev.culvert.sansio.Answer;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.ClientRequest;
import dev.culvert.stun.ClientTransactions;
import dev.culvert.stun.DecodeResult;
import dev.culvert.stun.ServerLookup;
import dev.culvert.stun.StreamFraming;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunUri;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.TransactionOutcome;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Asks one STUN server over several transports and families at once. It begins with the first call
 * of {@link #advance}; results come as they are found, and {@link ProbeEvent.Finished} last.
 */
public final class ServerProbe implements Machine<ProbeEvent> {
  private static final int LONGEST_MESSAGE = 8192;

  private final ProbePlan plan;
  private final RandomGenerator random;
  private final ClientTransactions transactions;
  private final Map<Transport, ServerLookup> lookups = new EnumMap<>(Transport.class);
  private final Map<Transport, String> unresolved = new EnumMap<>(Transport.class);
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Queue<ProbeEvent> events = new ArrayDeque<>();
  private final Map<Long, FlowOwner> owners = new HashMap<>();
  private final Map<Long, StreamFraming> framings = new HashMap<>();
  private final Map<TransactionId, BiConsumer<TransactionOutcome, MonotonicTime>> waiting =
      new HashMap<>();
  private Optional<MonotonicTime> endsAt = Optional.empty();
  private long nextId;
  private int unanswered;
  private boolean resolved;
  private boolean uncertain;
  private boolean finished;

  /**
   * A probe that has not begun.
   *
   * @param random for transaction ids, a {@link java.security.SecureRandom} on the Internet
   */
  public ServerProbe(ProbePlan plan, RandomGenerator random) {
    this.plan = plan;
    this.random = random;
    transactions = new ClientTransactions(random, 64);
    unanswered = plan.transports().size() * plan.families().size();
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    FlowOwner owner = owners.get(from.id());
    if (owner == null) {
      return;
    }
    StreamFraming framing = framings.get(from.id());
    if (framing == null) {
      message(from, payload, owner, now);
    } else {
      for (Bytes message : framing.feed(payload)) {
        message(from, message, owner, now);
      }
      framing.fault().ifPresent(fault -> owner.garbage(fault, now));
    }
    settle(now);
  }

  private void message(Flow from, Bytes payload, FlowOwner owner, MonotonicTime now) {
    DecodeResult result = StunCodec.decode(payload);
    if (result.packet().isPresent()) {
      transactions.receive(from, result.packet().get(), now);
    } else {
      owner.garbage(
          result instanceof DecodeResult.Malformed malformed ? malformed.reason() : "not STUN",
          now);
    }
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    if (input instanceof Input.Answered answered) {
      answered(answered);
    } else if (input instanceof Input.Opened opened) {
      FlowOwner owner = owners.get(opened.flow().id());
      if (owner != null) {
        owner.opened(opened.flow(), now);
      }
    } else if (input instanceof Input.Bound bound) {
      FlowOwner owner = owners.get(bound.id());
      if (owner != null) {
        owner.bound(bound.local(), now);
      }
    } else if (input instanceof Input.BindFailed failed) {
      end(failed.id(), owner -> owner.ended(CloseCause.OTHER, failed.detail(), now));
    } else if (input instanceof Input.Closed closed) {
      end(closed.id(), owner -> owner.ended(closed.cause(), closed.detail(), now));
    } else if (input instanceof Input.Unreachable unreachable) {
      transactions.unreachable(unreachable.flow(), unreachable.cause());
    }
    settle(now);
  }

  private void end(long id, Consumer<FlowOwner> how) {
    FlowOwner owner = owners.remove(id);
    framings.remove(id);
    if (owner != null) {
      how.accept(owner);
    }
  }

  @Override
  public void advance(MonotonicTime now) {
    if (endsAt.isEmpty()) {
      endsAt = Optional.of(now.plus(plan.deadline()));
      plan.transports().forEach(this::lookUp);
    }
    transactions.advance(now);
    settle(now);
    if (!finished && !now.isBefore(endsAt.get())) {
      List.copyOf(owners.values()).forEach(owner -> owner.timeUp(now));
      if (!finished && !resolved) {
        events.add(new ProbeEvent.Unresolved(true, "no name server answered in time"));
        finish();
      } else if (!finished) {
        lookups.keySet().forEach(late -> unresolved.put(late, "no name server answered in time"));
        lookups.clear();
        allLookedUp();
      }
      settle(now);
    }
  }

  private void lookUp(Transport transport) {
    StunUri.Scheme scheme = transport.isSecure() ? StunUri.Scheme.STUNS : StunUri.Scheme.STUN;
    OptionalInt port = plan.server().portFor(transport, plan.transports().size() == 1);
    StunUri uri = new StunUri(scheme, plan.server().host(), port, transport);
    ServerLookup lookup = new ServerLookup(uri, random, () -> nextId++);
    lookups.put(transport, lookup);
    drain(transport, lookup);
  }

  private void answered(Input.Answered answered) {
    uncertain |= answered.answer() instanceof Answer.Failed;
    for (Map.Entry<Transport, ServerLookup> lookup : Map.copyOf(lookups).entrySet()) {
      if (lookup.getValue().accept(answered)) {
        drain(lookup.getKey(), lookup.getValue());
      }
    }
  }

  private void drain(Transport transport, ServerLookup lookup) {
    for (Optional<Output> question = lookup.pollOutput();
        question.isPresent();
        question = lookup.pollOutput()) {
      outputs.add(question.get());
    }
    if (finished || lookup.result().isEmpty()) {
      return;
    }
    lookups.remove(transport);
    if (lookup.result().get() instanceof ServerLookup.Found found) {
      resolved = true;
      begin(transport, found.servers());
    } else if (lookup.result().get() instanceof ServerLookup.Failed failed) {
      unresolved.put(transport, failed.reason());
    }
    if (lookups.isEmpty()) {
      allLookedUp();
    }
  }

  private void allLookedUp() {
    if (!resolved) {
      events.add(new ProbeEvent.Unresolved(uncertain, unresolved.values().iterator().next()));
      finish();
      return;
    }
    unresolved.forEach(
        (transport, reason) ->
            plan.families().forEach(family -> done(ProbeResult.skip(transport, family, reason))));
  }

  private void begin(Transport transport, List<ServerLookup.Server> servers) {
    for (IpFamily family : plan.families()) {
      Optional<TransportAddress> address =
          servers.stream()
              .map(ServerLookup.Server::address)
              .filter(candidate -> IpFamily.of(candidate.ip()) == family)
              .findFirst();
      if (address.isPresent()) {
        new BindingAttempt(this, plan, transport, address.get()).begin();
      } else {
        done(ProbeResult.skip(transport, family, "the server has no " + family + " address"));
      }
    }
  }

  // What follows is for the parts of the probe.

  long open(Transport transport, TransportAddress remote, FlowOwner owner) {
    long id = nextId++;
    owners.put(id, owner);
    if (transport.isStream()) {
      framings.put(id, new StreamFraming(false, LONGEST_MESSAGE));
    }
    Optional<ServerIdentity> identity =
        transport.isSecure() ? Optional.of(plan.identity()) : Optional.empty();
    outputs.add(new Output.Open(id, transport, Optional.empty(), remote, identity));
    return id;
  }

  long bind(TransportAddress local, FlowOwner owner) {
    long id = nextId++;
    owners.put(id, owner);
    outputs.add(new Output.Bind(id, local));
    return id;
  }

  void close(long id) {
    framings.remove(id);
    if (owners.remove(id) != null) {
      transactions.closed(id, CloseCause.FINISHED);
      outputs.add(new Output.Close(id));
    }
  }

  TransactionId newTransactionId() {
    return transactions.newTransactionId();
  }

  void ask(
      ClientRequest request,
      MonotonicTime now,
      BiConsumer<TransactionOutcome, MonotonicTime> whenDone) {
    waiting.put(request.id(), whenDone);
    transactions.start(request, now);
  }

  void forget(TransactionId id) {
    waiting.remove(id);
    transactions.cancel(id);
  }

  void done(ProbeResult result) {
    events.add(new ProbeEvent.Result(result));
    if (--unanswered == 0) {
      finish();
    }
  }

  private void finish() {
    finished = true;
    List.copyOf(owners.keySet()).forEach(this::close);
    waiting.clear();
    events.add(new ProbeEvent.Finished());
  }

  private void settle(MonotonicTime now) {
    for (Optional<TransactionOutcome> outcome = transactions.pollOutcome();
        outcome.isPresent();
        outcome = transactions.pollOutcome()) {
      BiConsumer<TransactionOutcome, MonotonicTime> whenDone =
          waiting.remove(outcome.get().request().id());
      if (whenDone != null) {
        whenDone.accept(outcome.get(), now);
      }
    }
    for (Optional<Output.Send> send = transactions.pollSend();
        send.isPresent();
        send = transactions.pollSend()) {
      outputs.add(send.get());
    }
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    if (finished || endsAt.isEmpty()) {
      return Optional.empty();
    }
    return transactions.nextDeadline().filter(next -> next.isBefore(endsAt.get())).or(() -> endsAt);
  }

  @Override
  public Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll());
  }

  @Override
  public Optional<ProbeEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }
}
