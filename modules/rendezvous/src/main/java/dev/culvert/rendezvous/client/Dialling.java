package dev.culvert.rendezvous.client;

import dev.culvert.identity.SpkiPin;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.sansio.Answer;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Question;
import dev.culvert.sansio.ServerIdentity;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * How a node is reached: all its names are resolved at once, and its addresses tried one after the
 * other, each while those before it may still answer (RFC 8305).
 */
final class Dialling {
  private static final String SUBPROTOCOL = "rdv.v1.json";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration STAGGER = Duration.ofMillis(300);
  private static final int MOST_ADDRESSES = 4;

  /** A connection that stands. */
  record Opened(Flow flow, NodeUrl url) {}

  private record Target(NodeUrl url, InetAddress ip) {}

  private final Place place;
  private final Means means;
  private final MonotonicTime end;
  private final Map<Long, NodeUrl> asking = new LinkedHashMap<>();
  private final Queue<Target> targets = new ArrayDeque<>();
  private final Map<Long, NodeUrl> connecting = new LinkedHashMap<>();
  private MonotonicTime nextTry;
  private String reason = "its name stands for no address";
  private boolean done;

  Dialling(Place place, Means means, MonotonicTime now) {
    this.place = place;
    this.means = means;
    this.end = now.plus(PATIENCE);
    this.nextTry = now;
    for (NodeUrl url : place.urls()) {
      long id = means.id();
      asking.put(id, url);
      means.outputs.add(new Output.Ask(id, new Question.Addresses(url.host())));
    }
  }

  boolean has(long id) {
    return asking.containsKey(id) || connecting.containsKey(id);
  }

  /** Takes what became of it; present once a connection stands, after which all others end. */
  Optional<Opened> accept(Input input, MonotonicTime now) {
    if (done) {
      return Optional.empty();
    }
    if (input instanceof Input.Answered answered) {
      NodeUrl url = asking.remove(answered.id());
      if (url != null) {
        resolved(url, answered.answer());
      }
    } else if (input instanceof Input.Closed closed && connecting.remove(closed.id()) != null) {
      reason = "no connection: " + closed.detail();
      nextTry = now;
    } else if (input instanceof Input.Opened opened) {
      NodeUrl url = connecting.remove(opened.flow().id());
      if (url != null) {
        close();
        return Optional.of(new Opened(opened.flow(), url));
      }
    }
    connect(now);
    return Optional.empty();
  }

  private void resolved(NodeUrl url, Answer answer) {
    if (answer instanceof Answer.Addresses addresses) {
      List<InetAddress> ips =
          addresses.ips().stream()
              .filter(ip -> place.mayBeNear() || !ip.isLoopbackAddress())
              .limit(MOST_ADDRESSES)
              .toList();
      ips.forEach(ip -> targets.add(new Target(url, ip)));
    } else if (answer instanceof Answer.Failed failed) {
      reason = "its name is not resolved: " + failed.detail();
    } else {
      reason = "there is no host " + url.host();
    }
  }

  private void connect(MonotonicTime now) {
    if (targets.isEmpty() || (now.isBefore(nextTry) && !connecting.isEmpty())) {
      return;
    }
    Target target = targets.remove();
    NodeUrl url = target.url();
    // What is not over TLS leads to this machine or nowhere, whatever the name stands for.
    if (!url.secure() && !target.ip().isLoopbackAddress()) {
      reason = "without TLS it has to be on loopback";
      connect(now);
      return;
    }
    long id = means.id();
    connecting.put(id, url);
    nextTry = now.plus(STAGGER);
    means.outputs.add(
        new Output.OpenWebSocket(
            id,
            new TransportAddress(target.ip(), url.port()),
            url.host(),
            url.path(),
            SUBPROTOCOL,
            url.secure() ? Optional.of(identity(url)) : Optional.empty()));
  }

  private ServerIdentity identity(NodeUrl url) {
    ServerIdentity.HostName name = new ServerIdentity.HostName(url.host());
    return place
        .pin()
        .<ServerIdentity>map(
            id ->
                new ServerIdentity.HostNameOrKey(
                    name, new ServerIdentity.PinnedKey(SpkiPin.of(id).sha256())))
        .orElse(name);
  }

  void advance(MonotonicTime now) {
    if (done) {
      return;
    }
    connect(now);
    if (!now.isBefore(end)) {
      reason = connecting.isEmpty() ? reason : "no connection: no answer in time";
      close();
    }
  }

  Optional<MonotonicTime> nextDeadline() {
    if (done) {
      return Optional.empty();
    }
    return Optional.of(targets.isEmpty() ? end : Means.earlier(nextTry, end));
  }

  /** Why nothing will come of it any more; empty while something may. */
  Optional<String> failure() {
    boolean over = done || (asking.isEmpty() && targets.isEmpty() && connecting.isEmpty());
    return over ? Optional.of(reason) : Optional.empty();
  }

  void close() {
    done = true;
    connecting.keySet().forEach(id -> means.outputs.add(new Output.Close(id)));
    connecting.clear();
    asking.clear();
    targets.clear();
  }
}
