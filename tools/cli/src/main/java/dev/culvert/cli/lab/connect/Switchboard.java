package dev.culvert.cli.lab.connect;

import dev.culvert.identity.PeerId;
import dev.culvert.peer.PeerConnection;
import dev.culvert.peer.PeerNode;
import dev.culvert.transport.NetworkRuntime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The connections of a peer, the newest with each other peer: those that it was told to make, of
 * which one that fails before it stood is tried again, and those that others made. Safe for any
 * thread.
 */
final class Switchboard implements AutoCloseable {
  private static final long REST_SECONDS = 1;

  private final PeerNode node;
  private final Map<PeerId, StreamTalk> talks = new HashMap<>();
  private final Set<PeerId> wanted = new HashSet<>();

  Switchboard(PeerNode node) {
    this.node = node;
    node.listen(this::answered);
  }

  synchronized List<StreamTalk> talks() {
    return List.copyOf(talks.values());
  }

  private void answered(PeerConnection connection) {
    StreamTalk talk = new StreamTalk(connection.peer(), NetworkRuntime.now());
    Optional<StreamTalk> before;
    synchronized (this) {
      before = Optional.ofNullable(talks.put(connection.peer(), talk));
    }
    before.ifPresent(StreamTalk::close);
    talk.stands(connection);
    connection.onEvent(talk::happened);
  }

  void call(PeerId peer) {
    StreamTalk talk = new StreamTalk(peer, NetworkRuntime.now());
    synchronized (this) {
      talks.put(peer, talk);
      wanted.add(peer);
    }
    attempt(talk);
  }

  private void attempt(StreamTalk talk) {
    synchronized (this) {
      if (!wanted.contains(talk.peer())) {
        return;
      }
    }
    var unused =
        node.connect(talk.peer(), talk::happened)
            .whenComplete(
                (connection, fault) -> {
                  if (connection != null) {
                    talk.stands(connection);
                  } else {
                    talk.failed(String.valueOf(Objects.requireNonNull(fault).getMessage()));
                    CompletableFuture.delayedExecutor(REST_SECONDS, TimeUnit.SECONDS)
                        .execute(() -> attempt(talk));
                  }
                });
  }

  void close(PeerId peer) {
    Optional<StreamTalk> talk;
    synchronized (this) {
      wanted.remove(peer);
      talk = Optional.ofNullable(talks.remove(peer));
    }
    talk.ifPresent(StreamTalk::close);
  }

  @Override
  public void close() {
    talks().forEach(each -> close(each.peer()));
  }
}
