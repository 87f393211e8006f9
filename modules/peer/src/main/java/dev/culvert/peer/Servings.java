package dev.culvert.peer;

import dev.culvert.rendezvous.KnownNode;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.session.SessionEvent;
import dev.culvert.session.meet.MeetPeer;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.NetworkRuntime;
import dev.culvert.transport.server.ListenException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The nodes that a peer runs for others, and who is told of them; safe for any thread. */
final class Servings {
  private static final long ANNOUNCE_MINUTES = 30;

  private final NetworkRuntime runtime;
  private final PeerNodeConfig config;
  private final MeetPeer meet;
  private final MachineDriver<SessionEvent> driver;
  private final Set<Serving> running = ConcurrentHashMap.newKeySet();

  Servings(
      NetworkRuntime runtime,
      PeerNodeConfig config,
      MeetPeer meet,
      MachineDriver<SessionEvent> driver) {
    this.runtime = runtime;
    this.config = config;
    this.meet = meet;
    this.driver = driver;
  }

  /**
   * One more; not on an event loop.
   *
   * @param neighbours the nodes that are known
   * @throws ListenException if it cannot listen there
   */
  Serving serve(ServeConfig serve, List<KnownNode> neighbours) throws ListenException {
    Serving[] own = new Serving[1];
    Serving serving = new Serving(runtime, config.key(), serve, neighbours, () -> stopped(own[0]));
    own[0] = serving;
    running.add(serving);
    driver.execute(
        now -> {
          // Whoever joins there looks for this peer there, too.
          meet.know(List.of(serving.known()), now);
          announce(serving, now);
          if (config.meet().looksAround()) {
            meet.showAround(serving.address().port(), List.of(serving.address().ip()), now);
          }
        });
    return serving;
  }

  private void announce(Serving serving, MonotonicTime now) {
    if (running.contains(serving)) {
      meet.announce(Optional.of(serving.record()), now);
      var unused =
          driver
              .loop()
              .schedule(
                  () -> driver.execute(later -> announce(serving, later)),
                  ANNOUNCE_MINUTES,
                  TimeUnit.MINUTES);
    }
  }

  private void stopped(Serving serving) {
    if (running.remove(serving) && running.isEmpty()) {
      driver.execute(
          now -> {
            meet.announce(Optional.empty(), now);
            meet.showAround(1, List.of(), now);
          });
    }
  }

  /** Where they are. */
  List<KnownNode> known() {
    return running.stream().map(Serving::known).toList();
  }

  /** Ends all; not on an event loop. */
  void close() {
    List.copyOf(running).forEach(Serving::close);
  }
}
