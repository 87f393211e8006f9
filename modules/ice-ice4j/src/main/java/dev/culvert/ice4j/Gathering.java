package dev.culvert.ice4j;

import dev.culvert.ice.Base;
import dev.culvert.ice.Candidate;
import dev.culvert.ice.IcePolicy;
import dev.culvert.ice.IceRole;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.ice4j.ice.CandidatePair;
import org.ice4j.ice.CheckList;
import org.ice4j.ice.HostCandidate;
import org.ice4j.ice.LocalCandidate;
import org.ice4j.ice.RemoteCandidate;
import org.ice4j.message.MessageFactory;
import org.ice4j.security.LongTermCredential;
import org.ice4j.socket.IceSocketWrapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds an agent's candidates, and has the sockets that they stand for. Confined to the loop, but
 * for {@link #reader}; what blocks is done by workers.
 */
final class Gathering {
  private static final Logger LOG = LoggerFactory.getLogger(Gathering.class);
  private static final AtomicLong IDS = new AtomicLong();
  private static final long KEEPALIVE_MILLIS = 15_000;

  /** What it tells, on the loop. */
  interface Ear {
    /** There are credentials and sockets. */
    void began(Parts parts);

    /** Another candidate, which the policy lets be told. */
    void found(Candidate candidate);

    /** There will be no more. */
    void gathered();
  }

  private final IcePolicy policy;
  private final Ice4jConfig hosts;
  private final Threads threads;
  private final WireRule rule;
  private final Ear ear;
  private final BiConsumer<Flow, Bytes> sink;
  private final List<Candidate> told = new ArrayList<>();
  private final List<Harvest> harvests = new ArrayList<>();
  private final Map<TransportAddress, Reader> readers = new ConcurrentHashMap<>();
  private final Queue<RelayCandidate> relays = new ConcurrentLinkedQueue<>();
  private Optional<Parts> parts = Optional.empty();
  private int outstanding;
  private boolean over;
  private boolean closed;

  Gathering(
      IcePolicy policy,
      Ice4jConfig hosts,
      Threads threads,
      WireRule rule,
      Ear ear,
      BiConsumer<Flow, Bytes> sink) {
    this.policy = policy;
    this.hosts = hosts;
    this.threads = threads;
    this.rule = rule;
    this.ear = ear;
    this.sink = sink;
  }

  /** What the peer may be told by now. */
  List<Candidate> told() {
    return List.copyOf(told);
  }

  boolean isOver() {
    return over;
  }

  void begin(IceRole role, CheckingAgent.Ear checks, PairWatch watch) {
    var unused =
        threads.work(
            () -> {
              try {
                Parts made = Parts.make(hosts.addresses(), rule, role, checks);
                watch.watch(made);
                threads.later(() -> begun(made));
              } catch (UncheckedIOException e) {
                LOG.warn("ice4j has no sockets: {}", e.getMessage());
                threads.later(this::end);
              }
            });
  }

  private void begun(Parts made) {
    parts = Optional.of(made);
    if (closed) {
      free(made);
      return;
    }
    List<LocalCandidate> own =
        policy == IcePolicy.RELAY_ONLY ? List.of() : made.component().getLocalCandidates();
    own.forEach(this::listen);
    own.forEach(this::tell);
    ear.began(made);
    if (closed) {
      return;
    }
    own.forEach(candidate -> ear.found(Forms.ours(candidate)));
    ask(made);
  }

  private void ask(Parts made) {
    if (policy != IcePolicy.RELAY_ONLY) {
      hosts.servers().stream().map(Forms::theirs).map(StunHarvester::new).forEach(harvests::add);
    }
    if (policy != IcePolicy.DIRECT_ONLY) {
      hosts.relays().forEach(relay -> harvests.add(harvester(relay)));
    }
    outstanding = harvests.size();
    if (outstanding == 0) {
      end();
      return;
    }
    for (Harvest harvest : harvests) {
      var unused =
          threads.work(
              () -> {
                Collection<LocalCandidate> found = harvest.harvest(made.component());
                threads.later(() -> found(found));
              });
    }
    threads.later(this::end, hosts.patience().toMillis());
    threads.later(this::keepAlive, KEEPALIVE_MILLIS);
  }

  private RelayHarvester harvester(Ice4jRelay relay) {
    return new RelayHarvester(
        Forms.theirs(relay.server()),
        new LongTermCredential(relay.credential().username(), relay.credential().password()),
        rule,
        threads.loop());
  }

  private void found(Collection<LocalCandidate> found) {
    outstanding--;
    if (closed || over) {
      return;
    }
    for (LocalCandidate candidate : found) {
      if (policy.allowsLocal(Forms.type(candidate.getType())) && !told.contains(of(candidate))) {
        listen(candidate);
        pairUp(candidate);
        tell(candidate);
        ear.found(of(candidate));
      }
    }
    if (outstanding == 0) {
      end();
    }
  }

  private Candidate of(LocalCandidate candidate) {
    Candidate ours = Forms.ours(candidate);
    return policy == IcePolicy.RELAY_ONLY ? ours.withoutRelated() : ours;
  }

  private void tell(LocalCandidate candidate) {
    told.add(of(candidate));
  }

  private void end() {
    if (!over && !closed) {
      over = true;
      ear.gathered();
    }
  }

  /** ice4j pairs what it finds late with what the peer tells later, and with nothing else. */
  private void pairUp(LocalCandidate candidate) {
    Parts made = parts.orElseThrow();
    CheckList list = made.stream().getCheckList();
    if (!(candidate instanceof RelayCandidate)) {
      return;
    }
    for (RemoteCandidate remote : made.component().getRemoteCandidates()) {
      if (candidate.canReach(remote) && list.findPairMatching(candidate, remote) == null) {
        list.add(new CandidatePair(candidate, remote));
      }
    }
  }

  private void listen(LocalCandidate candidate) {
    var unused = reader(candidate);
  }

  /** Any thread: who reads the socket of a candidate's base. */
  Reader reader(LocalCandidate candidate) {
    LocalCandidate base = Parts.base(candidate);
    return readers.computeIfAbsent(
        Forms.ours(base.getTransportAddress()),
        address ->
            Reader.start(
                new Base(IDS.incrementAndGet(), Transport.UDP, address), socket(base), sink));
  }

  private IceSocketWrapper socket(LocalCandidate base) {
    if (base instanceof HostCandidate host) {
      return host.getCandidateIceSocketWrapper();
    }
    if (base instanceof RelayCandidate relay) {
      relays.add(relay);
      return relay.getCandidateIceSocketWrapper();
    }
    throw new IllegalStateException(base.toShortString() + " has no socket");
  }

  /** The flow between two addresses, if the first is that of a base. */
  Optional<Flow> flow(TransportAddress local, TransportAddress remote) {
    return Optional.ofNullable(readers.get(local)).map(reader -> reader.base().to(remote));
  }

  /** Any thread: takes data from there. */
  void prove(TransportAddress local, InetSocketAddress remote) {
    Optional.ofNullable(readers.get(local)).ifPresent(reader -> reader.prove(remote));
  }

  /** NATs forget what nobody uses, and peers may take minutes to answer; ice4j lets them forget. */
  private void keepAlive() {
    if (closed) {
      return;
    }
    Parts made = parts.orElseThrow();
    if (policy != IcePolicy.RELAY_ONLY && made.component().getSelectedPair() == null) {
      for (LocalCandidate candidate : made.component().getLocalCandidates()) {
        if (candidate instanceof HostCandidate) {
          hosts.servers().stream()
              .map(Forms::theirs)
              .filter(server -> candidate.getTransportAddress().canReach(server))
              .forEach(server -> indicate(made, server, candidate));
        }
      }
    }
    threads.later(this::keepAlive, KEEPALIVE_MILLIS);
  }

  private static void indicate(
      Parts made, org.ice4j.TransportAddress server, LocalCandidate candidate) {
    try {
      made.agent()
          .getStunStack()
          .sendIndication(
              MessageFactory.createBindingIndication(), server, candidate.getTransportAddress());
    } catch (org.ice4j.StunException e) {
      LOG.debug("no keepalive to {}: {}", server, e.getMessage());
    }
  }

  void close() {
    closed = true;
    parts.ifPresent(this::free);
  }

  private void free(Parts made) {
    var unused =
        threads.work(
            () -> {
              // First the relays, while they can be told that nobody needs them any more.
              relays.forEach(RelayCandidate::giveBack);
              made.agent().free();
              harvests.forEach(Harvest::abandon);
            });
  }
}
