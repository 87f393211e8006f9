package dev.culvert.session;

import dev.culvert.ice.IceState;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Deadlines;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.Username;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which link a packet is for, and which link is due: requests by the ufrag that they name (RFC 8445
 * §7.3), responses by their transaction, data by the flow that a check has proven.
 */
final class Switchboard {
  /** No check is answered later. */
  private static final Duration LONGEST_CHECK = Duration.ofSeconds(60);

  /** Of a link, the generations that may still be asked for. */
  private static final int MOST_UFRAGS = 3;

  private final Map<PeerLink, Deque<String>> links = new LinkedHashMap<>();
  private final Map<String, PeerLink> byUfrag = new HashMap<>();
  private final Map<TransactionId, Asked> byTransaction = new LinkedHashMap<>();
  private final Map<Flow, PeerLink> byFlow = new HashMap<>();
  private final Map<PeerLink, Set<Flow>> flows = new HashMap<>();
  private final Set<PeerLink> touched = new LinkedHashSet<>();
  private final Set<PeerLink> waiting = new HashSet<>();
  private final Deadlines<PeerLink> due = new Deadlines<>();

  private record Asked(PeerLink link, MonotonicTime at) {}

  Collection<PeerLink> links() {
    return links.keySet();
  }

  boolean knows(String ufrag) {
    return byUfrag.containsKey(ufrag);
  }

  /** A link is reached by its newest ufrag, and for a while by those before. */
  void listen(PeerLink link) {
    Deque<String> own = links.computeIfAbsent(link, fresh -> new ArrayDeque<>());
    String ufrag = link.agent().parameters().credentials().ufrag();
    if (!own.contains(ufrag)) {
      own.addLast(ufrag);
      byUfrag.put(ufrag, link);
    }
    while (own.size() > MOST_UFRAGS) {
      byUfrag.remove(own.removeFirst());
    }
  }

  void remove(PeerLink link) {
    Deque<String> own = links.remove(link);
    if (own != null) {
      own.forEach(byUfrag::remove);
    }
    Set<Flow> its = flows.remove(link);
    if (its != null) {
      its.forEach(flow -> byFlow.remove(flow, link));
    }
    due.remove(link);
    waiting.remove(link);
  }

  /** Whether some link has neither a path nor given up. */
  boolean isAnybodyWaiting() {
    return !waiting.isEmpty();
  }

  /** USERNAME is the ufrag of whoever is asked, a colon, and the asker's (RFC 8445 §7.2.2). */
  Optional<PeerLink> ofRequest(StunMessage request) {
    String name = request.first(Username.class).map(Username::name).orElse("");
    int colon = name.indexOf(':');
    return colon < 0
        ? Optional.empty()
        : Optional.ofNullable(byUfrag.get(name.substring(0, colon)));
  }

  Optional<PeerLink> ofResponse(TransactionId id) {
    return Optional.ofNullable(byTransaction.get(id)).map(Asked::link);
  }

  Optional<PeerLink> ofData(Flow from) {
    return Optional.ofNullable(byFlow.get(from)).filter(link -> takes(link, from));
  }

  /** The flows whose data is a link's. */
  Set<Flow> dataOf(PeerLink link) {
    return flows.getOrDefault(link, Set.of()).stream()
        .filter(flow -> byFlow.get(flow) == link && link.agent().isProven(flow))
        .collect(Collectors.toSet());
  }

  /** A check was sent: its answer is for this link. */
  void asked(PeerLink link, TransactionId id, MonotonicTime now) {
    byTransaction.put(id, new Asked(link, now));
    while (!byTransaction.isEmpty()) {
      Map.Entry<TransactionId, Asked> oldest = byTransaction.entrySet().iterator().next();
      if (now.since(oldest.getValue().at()).compareTo(LONGEST_CHECK) <= 0) {
        return;
      }
      byTransaction.remove(oldest.getKey());
    }
  }

  /** A check came or was answered on a flow: data may follow it. */
  void heard(PeerLink link, Flow from) {
    @Nullable PeerLink before = takes(link, from) ? byFlow.put(from, link) : link;
    if (before != link) {
      if (before != null) {
        touch(before);
      }
      Set<Flow> its = flows.computeIfAbsent(link, fresh -> new LinkedHashSet<>());
      its.add(from);
      its.removeIf(flow -> !takes(link, flow) && byFlow.remove(flow, link));
    }
  }

  private static boolean takes(PeerLink link, Flow from) {
    return link.agent().isProven(from) || link.agent().isAwaited(from);
  }

  void touch(PeerLink link) {
    touched.add(link);
  }

  /** A link whose outputs and events are to be taken. */
  Optional<PeerLink> pollTouched() {
    Optional<PeerLink> first = touched.stream().findFirst();
    first.ifPresent(touched::remove);
    return first;
  }

  /** A link was drained: it is due when it says now. */
  void rearm(PeerLink link) {
    if (!links.containsKey(link)) {
      return;
    }
    if (link.state() == IceState.NEW || link.state() == IceState.CHECKING) {
      waiting.add(link);
    } else {
      waiting.remove(link);
    }
    due.set(link, link.agent().nextDeadline());
  }

  /** Links that are due. */
  List<PeerLink> pollDue(MonotonicTime now) {
    return due.poll(now);
  }

  Optional<MonotonicTime> nextDeadline() {
    return due.next();
  }

  /** Whether bytes are a request or a response is told by two bits (RFC 8489 §5). */
  static boolean isRequest(Bytes stun) {
    return (stun.at(0) & 0x01) == 0 && (stun.at(1) & 0x10) == 0;
  }
}
