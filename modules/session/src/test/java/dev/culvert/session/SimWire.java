package dev.culvert.session;

import dev.culvert.ice.IcePolicy;
import dev.culvert.natsim.Observer;
import dev.culvert.natsim.Packet;
import dev.culvert.natsim.Protocol;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.attribute.IceControlled;
import dev.culvert.stun.attribute.IceControlling;
import dev.culvert.stun.attribute.Priority;
import dev.culvert.stun.attribute.UseCandidate;
import dev.culvert.stun.attribute.Username;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Every packet that two sessions send, by themselves or from a relay: no check without a
 * transaction, no response without a request, no data where the other side did not consent (RFC
 * 7675), nothing to anybody but candidates, servers and relays, nothing that a policy forbids.
 */
final class SimWire implements Observer {
  private static final Set<String> RELAYS = Set.of("s1", "s2");
  private static final int BINDING_REQUEST = 0x0001;
  private static final int BINDING_SUCCESS = 0x0101;
  private static final int BINDING_ERROR = 0x0111;
  private static final int MOST_SENDINGS = 6;
  private static final Duration CONSENT = Duration.ofSeconds(30);

  /** What was sent into a tunnel comes out of the relay so much later, at most. */
  private static final Duration IN_THE_TUNNEL = Duration.ofSeconds(2);

  private final SimWatch watch;
  private final Set<TransportAddress> servers;
  private final Map<Bytes, Check> checks = new HashMap<>();
  private final Map<Request, Integer> unanswered = new HashMap<>();
  private final Map<Way, MonotonicTime> consents = new HashMap<>();
  private final Map<SimWatch.Side, Set<TransportAddress>> learned = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();

  /** From an address of one of the two, of its host or of its allocation, to another. */
  private record Way(TransportAddress own, TransportAddress remote) {}

  private record Request(Way way, Bytes transaction) {}

  private static final class Check {
    final Way way;
    final Bytes payload;
    int sendings;
    Optional<MonotonicTime> answered = Optional.empty();

    Check(Way way, Bytes payload) {
      this.way = way;
      this.payload = payload;
    }
  }

  SimWire(SimWatch watch, Set<TransportAddress> servers) {
    this.watch = watch;
    this.servers = servers;
  }

  /** How many packets of a kind a host sent: {@code request}, {@code success}, {@code data}, … */
  int count(String host, String kind) {
    return counts.getOrDefault(host + " " + kind, 0);
  }

  Map<String, Integer> counts() {
    return counts;
  }

  @Override
  public void seen(MonotonicTime now, String where, Packet packet, String fate) {
    boolean sent = fate.equals("sent");
    boolean atAnEnd = watch.side(where).isPresent() || RELAYS.contains(where);
    if (packet.protocol() == Protocol.ICMP || !atAnEnd || !(sent || fate.equals("delivered"))) {
      return;
    }
    TransportAddress own = sent ? packet.source() : packet.destination();
    TransportAddress remote = sent ? packet.destination() : packet.source();
    Optional<SimWatch.Side> side = watch.side(where);
    if (side.isPresent() && sent) {
      leaves(side.get(), packet);
    }
    if (packet.protocol() != Protocol.UDP || servers.contains(remote) || servers.contains(own)) {
      return;
    }
    Optional<SimWatch.Side> owner = side.or(() -> ownerOf(own));
    if (owner.isEmpty()) {
      return;
    }
    Way way = new Way(own, remote);
    if (sent) {
      sent(owner.get(), way, packet.payload(), side.isPresent(), now);
    } else {
      delivered(owner.get(), way, packet.payload(), now);
    }
  }

  private Optional<SimWatch.Side> ownerOf(TransportAddress relayed) {
    for (SimWatch.Side side : watch.sides()) {
      if (side.relayed.contains(relayed)) {
        return Optional.of(side);
      }
    }
    return Optional.empty();
  }

  /** Something leaves a host, be it for a server or for the other one. */
  private void leaves(SimWatch.Side side, Packet packet) {
    boolean toServer = servers.contains(packet.destination());
    boolean binding =
        packet.protocol() == Protocol.UDP
            && packet.payload().length() > 2
            && packet.payload().uint16(0) == BINDING_REQUEST;
    count(side, toServer ? binding ? "to stun" : "to relay" : "to peer");
    if (side.policy == IcePolicy.RELAY_ONLY && !toServer) {
      watch.fault(side.host + " sends past the relay: " + packet);
    }
    if (side.policy == IcePolicy.DIRECT_ONLY && toServer && !binding) {
      watch.fault(side.host + " talks to a relay: " + packet);
    }
  }

  private void count(SimWatch.Side side, String kind) {
    counts.merge(side.host + " " + kind, 1, Integer::sum);
  }

  private void sent(SimWatch.Side side, Way way, Bytes payload, boolean itself, MonotonicTime now) {
    Duration slack = itself ? Duration.ZERO : IN_THE_TUNNEL;
    boolean known =
        watch.other(side).told.contains(way.remote())
            || learned.getOrDefault(side, Set.of()).contains(way.remote());
    if (!known) {
      watch.fault(side.host + " sends to " + way.remote() + ", which is nobody's candidate");
    }
    if (!StunCodec.looksLikeStun(payload)) {
      count(side, "data");
      MonotonicTime proven = consents.get(way);
      if (proven == null || now.since(proven).compareTo(CONSENT.plus(slack)) > 0) {
        watch.fault(side.host + " sends data without consent on " + way + ", given " + proven);
      }
      return;
    }
    Bytes transaction = payload.slice(8, 20);
    switch (payload.uint16(0)) {
      case BINDING_REQUEST -> request(side, way, payload, itself, now);
      case BINDING_SUCCESS, BINDING_ERROR -> {
        count(side, payload.uint16(0) == BINDING_SUCCESS ? "success" : "error");
        Integer left = unanswered.computeIfPresent(new Request(way, transaction), (k, n) -> n - 1);
        // The line to the relay may double what goes through the tunnel.
        if (left == null || (itself && left < 0)) {
          watch.fault(side.host + " answers what was not asked on " + way);
        }
      }
      default -> watch.fault(side.host + " sends a message of another kind on " + way);
    }
  }

  private void request(
      SimWatch.Side side, Way way, Bytes payload, boolean itself, MonotonicTime now) {
    Duration slack = itself ? Duration.ZERO : IN_THE_TUNNEL;
    int most = itself ? MOST_SENDINGS : 2 * MOST_SENDINGS;
    count(side, "request");
    Check check =
        checks.computeIfAbsent(
            payload.slice(8, 20),
            fresh -> {
              look(side, payload);
              return new Check(way, payload);
            });
    check.sendings++;
    if (!check.way.equals(way) || !check.payload.equals(payload)) {
      watch.fault(side.host + " uses a transaction twice on " + way + " and " + check.way);
    } else if (check.sendings > most) {
      watch.fault(side.host + " sends a check for the " + check.sendings + ". time on " + way);
    } else if (check.answered.filter(at -> now.since(at).compareTo(slack) > 0).isPresent()) {
      watch.fault(side.host + " repeats a check that was answered on " + way);
    }
  }

  /** What punched holes are checked with leaves before a restart is told. */
  private static boolean isOwn(SimWatch.Side side, String ufrag) {
    return side.peer.ufrags.contains(ufrag)
        || side.peer.link().description().parameters().credentials().ufrag().equals(ufrag);
  }

  /** A check as RFC 8445 §7.1 and §7.2.2 want it. */
  private void look(SimWatch.Side side, Bytes payload) {
    Optional<StunMessage> message = StunCodec.decode(payload).packet().map(StunPacket::message);
    String name = message.flatMap(its -> its.first(Username.class)).map(Username::name).orElse(":");
    int colon = name.indexOf(':');
    boolean named =
        watch.other(side).peer.ufrags.contains(name.substring(0, colon))
            && isOwn(side, name.substring(colon + 1));
    boolean complete =
        message
            .filter(its -> its.has(Priority.class))
            .filter(its -> its.has(IceControlling.class) != its.has(IceControlled.class))
            .filter(its -> !its.has(UseCandidate.class) || its.has(IceControlling.class))
            .isPresent();
    if (!named || !complete) {
      watch.fault(side.host + " sends a check that is none: " + message);
    }
  }

  private void delivered(SimWatch.Side side, Way way, Bytes payload, MonotonicTime now) {
    if (!StunCodec.looksLikeStun(payload)) {
      return;
    }
    Bytes transaction = payload.slice(8, 20);
    if (payload.uint16(0) == BINDING_REQUEST) {
      learned.computeIfAbsent(side, its -> new HashSet<>()).add(way.remote());
      unanswered.merge(new Request(way, transaction), 1, Integer::sum);
      return;
    }
    Check check = checks.get(transaction);
    if (check == null) {
      watch.fault("an answer to nothing came on " + way);
    } else if (check.way.equals(way)) {
      check.answered = check.answered.or(() -> Optional.of(now));
      if (payload.uint16(0) == BINDING_SUCCESS) {
        consents.put(way, now);
      }
    }
  }
}
