package dev.culvert.rendezvous.node;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.SpkiPin;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.rendezvous.client.ClientEvent;
import dev.culvert.rendezvous.client.NodeClient;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.rendezvous.wire.FrameText;
import dev.culvert.sansio.Answer;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Question;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.random.RandomGenerator;

/**
 * Goes to the neighbours of a node from time to time as any peer would, announces the node there
 * and asks for further ones. Its connections have ids of zero or more.
 */
final class Exchange {
  private static final Duration PERIOD = Duration.ofMinutes(10);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(5);
  private static final int MOST_DOUBLINGS = 6;

  private final PeerKey key;
  private final Neighbours neighbours;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final List<KnownNode> hosts;
  private final List<Visit> visits = new ArrayList<>();
  private final Queue<Output> outputs = new ArrayDeque<>();
  private final Queue<NodeEvent> events = new ArrayDeque<>();
  private boolean begun;
  private long nextId;

  Exchange(
      NodeConfig config,
      PeerKey key,
      Neighbours neighbours,
      RandomGenerator random,
      InstantSource clock) {
    this.key = key;
    this.neighbours = neighbours;
    this.random = random;
    this.clock = clock;
    hosts =
        config.neighbours().stream()
            .filter(host -> !host.id().equals(Optional.of(key.id())))
            .toList();
  }

  void advance(MonotonicTime now) {
    if (!begun) {
      begun = true;
      hosts.forEach(host -> visits.add(new Visit(host, now.plus(jitter(FIRST_RETRY)))));
    }
    for (Visit visit : visits) {
      if (visit.isLate(now)) {
        visit.connection().ifPresent(id -> outputs.add(new Output.Close(id)));
        fail(visit, "it took too long", Optional.empty(), now);
      } else if (visit.isDue(now)) {
        begin(visit, now);
      }
      visit.client().ifPresent(client -> client.advance(now));
      settle(visit, now);
    }
  }

  private void begin(Visit visit, MonotonicTime now) {
    visit.begin(now);
    NodeUrl url = visit.url();
    Optional<InetAddress> ip = IpLiterals.parse(url.host());
    if (ip.isPresent()) {
      open(visit, url, ip.get());
    } else {
      visit.waitFor(nextId, false);
      outputs.add(new Output.Ask(nextId++, new Question.Addresses(url.host())));
    }
  }

  private void open(Visit visit, NodeUrl url, InetAddress ip) {
    visit.waitFor(nextId, true);
    outputs.add(
        new Output.OpenWebSocket(
            nextId++,
            new TransportAddress(ip, url.port()),
            url.host(),
            url.path(),
            FrameText.SUBPROTOCOL,
            url.secure() ? Optional.of(server(visit.host(), url)) : Optional.empty()));
  }

  private static ServerIdentity server(KnownNode host, NodeUrl url) {
    ServerIdentity.HostName name = new ServerIdentity.HostName(url.host());
    return host.id()
        .<ServerIdentity>map(
            id ->
                new ServerIdentity.HostNameOrKey(
                    name, new ServerIdentity.PinnedKey(SpkiPin.of(id).sha256())))
        .orElse(name);
  }

  void accept(Input input, MonotonicTime now) {
    for (Visit visit : visits) {
      if (input instanceof Input.Answered answered && visit.waitsFor(answered.id())) {
        resolved(visit, answered.answer(), now);
      } else if (input instanceof Input.Opened opened && visit.waitsFor(opened.flow().id())) {
        visit.met(
            new NodeClient(
                opened.flow(),
                key,
                visit.url().toString(),
                visit.host().id(),
                Optional.empty(),
                random,
                clock,
                now));
      } else if (input instanceof Input.Closed closed && visit.waitsFor(closed.id())) {
        if (visit.client().isEmpty()) {
          fail(visit, closed.detail(), Optional.empty(), now);
        }
        visit.client().ifPresent(client -> client.accept(closed));
      }
      settle(visit, now);
    }
  }

  private void resolved(Visit visit, Answer answer, MonotonicTime now) {
    if (answer instanceof Answer.Addresses addresses) {
      open(visit, visit.url(), visit.address(addresses.ips()));
    } else {
      String name = visit.url().host();
      fail(visit, "nobody knows the name " + name, Optional.empty(), now);
    }
  }

  void receive(Flow from, Bytes payload, MonotonicTime now) {
    for (Visit visit : visits) {
      if (visit.waitsFor(from.id())) {
        visit.client().ifPresent(client -> client.receive(payload, now));
        settle(visit, now);
      }
    }
  }

  /** Goes on with what became of a connection. */
  private void settle(Visit visit, MonotonicTime now) {
    Optional<NodeClient> client = visit.client();
    if (client.isEmpty()) {
      return;
    }
    for (Optional<ClientEvent> next = client.get().pollEvent();
        next.isPresent() && visit.client().equals(client);
        next = client.get().pollEvent()) {
      take(visit, client.get(), next.get(), now);
    }
    for (Optional<Output> next = client.get().pollOutput();
        next.isPresent();
        next = client.get().pollOutput()) {
      outputs.add(next.get());
    }
  }

  private void take(Visit visit, NodeClient client, ClientEvent event, MonotonicTime now) {
    if (event instanceof ClientEvent.Welcomed) {
      neighbours
          .own(clock.instant())
          .ifPresent(
              own -> {
                client.ask(id -> new Frame.Announce(id, own), now);
                visit.asked();
              });
      client.ask(Frame.AskNodes::new, now);
      visit.asked();
    } else if (event instanceof ClientEvent.Answered answered) {
      answered.answer().ifPresent(answer -> learn(visit, answer));
      if (visit.answered()) {
        client.close();
        visit.end(false, now.plus(PERIOD.dividedBy(2)).plus(jitter(PERIOD)));
        events.add(new NodeEvent.Visited(visit.host(), Optional.empty()));
      }
    } else if (event instanceof ClientEvent.Ended ended) {
      fail(visit, ended.reason(), ended.retryAfter(), now);
    }
  }

  /** Whom it names itself is known already. */
  private void learn(Visit visit, Frame answer) {
    if (answer instanceof Frame.Nodes nodes) {
      PeerId teller = visit.host().id().orElse(key.id());
      nodes.records().forEach(record -> neighbours.learn(record, teller, clock.instant()));
    }
  }

  private void fail(Visit visit, String reason, Optional<Duration> retry, MonotonicTime now) {
    Duration pause = FIRST_RETRY.multipliedBy(1L << Math.min(visit.failures(), MOST_DOUBLINGS));
    Duration asked = retry.orElse(Duration.ZERO);
    Duration wait = (asked.compareTo(pause) > 0 ? asked : pause).plus(jitter(pause));
    if (visit.failures() == 0) {
      events.add(new NodeEvent.Visited(visit.host(), Optional.of(reason)));
    }
    visit.end(true, now.plus(wait));
  }

  private Duration jitter(Duration most) {
    return Duration.ofMillis(random.nextLong(most.toMillis()));
  }

  Optional<MonotonicTime> nextDeadline() {
    return visits.stream().map(Visit::nextDeadline).min(MonotonicTime::compareTo);
  }

  Optional<Output> pollOutput() {
    return Optional.ofNullable(outputs.poll());
  }

  Optional<NodeEvent> pollEvent() {
    return Optional.ofNullable(events.poll());
  }
}
