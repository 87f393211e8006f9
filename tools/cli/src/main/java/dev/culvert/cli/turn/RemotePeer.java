package dev.culvert.cli.turn;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import java.util.Optional;

/**
 * A host elsewhere that sends everything back, as the echo service of RFC 862 does.
 *
 * @param where its address
 */
record RemotePeer(TransportAddress where) implements Peer {

  @Override
  public void begin(MonotonicTime now) {
    // It is there already.
  }

  @Override
  public Optional<TransportAddress> address() {
    return Optional.of(where);
  }

  @Override
  public Optional<Trouble> trouble() {
    return Optional.empty();
  }

  @Override
  public int heard() {
    return -1;
  }

  @Override
  public String words() {
    return "the peer " + where;
  }
}
