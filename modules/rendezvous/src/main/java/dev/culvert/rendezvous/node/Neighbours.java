package dev.culvert.rendezvous.node;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.NodeRecord;
import dev.culvert.rendezvous.NodeUrl;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** What a node knows of other nodes, says of itself, and believes of what it is told. */
final class Neighbours {
  private static final Duration OWN_VALIDITY = Duration.ofHours(24);
  private static final Duration OWN_RENEWAL = Duration.ofHours(1);

  private final NodeConfig config;
  private final PeerKey key;
  private final RandomGenerator random;
  private final NodeBook book = new NodeBook();
  private Optional<Signed> own = Optional.empty();
  private Instant ownUntil = Instant.MIN;

  Neighbours(NodeConfig config, PeerKey key, RandomGenerator random) {
    this.config = config;
    this.key = key;
    this.random = random;
  }

  /** What this node says of itself; empty if it does not know where it is. */
  Optional<Signed> own(Instant now) {
    if (!config.urls().isEmpty() && !now.isBefore(ownUntil)) {
      NodeRecord record = new NodeRecord(key.id(), config.urls(), now.plus(OWN_VALIDITY));
      own = Optional.of(record.sign(key));
      ownUntil = now.plus(OWN_RENEWAL);
    }
    return own;
  }

  /** The answer to whoever asks: this node, those that its owner named, and some others. */
  List<Signed> told(Instant now) {
    List<Signed> first = new ArrayList<>();
    own(now).ifPresent(first::add);
    for (Signed each : config.others()) {
      NodeRecord.read(each)
          .filter(record -> record.expiry().isAfter(now))
          .ifPresent(valid -> first.add(each));
    }
    return book.told(first, random, now);
  }

  int size() {
    return book.size();
  }

  /** Takes what another node told; it is believed as far as its share goes. */
  boolean learn(Signed signed, PeerId teller, Instant now) {
    return NodeRecord.read(signed)
        .filter(record -> !record.node().equals(key.id()) && isFresh(record, now))
        .filter(record -> book.put(record, signed, teller.key(), NodeBook.MOST / 4, now))
        .isPresent();
  }

  /**
   * Takes what a peer says of itself as a node.
   *
   * @param from the address that it comes from
   * @return empty if it is told to others from now on
   */
  Optional<Frame.Refusal> announce(
      Frame.Announce announce, PeerId peer, InetAddress from, Instant now) {
    Signed signed = announce.record();
    Optional<NodeRecord> record =
        signed.signer().equals(peer) ? NodeRecord.read(signed) : Optional.empty();
    if (record.isEmpty()) {
      return refusal(announce, Frame.Code.DENIED, "the record is not yours, or not signed by you");
    }
    if (!record.get().expiry().isAfter(now)) {
      return refusal(announce, Frame.Code.STALE, "the record has expired; check the clock");
    }
    if (!isFresh(record.get(), now)) {
      return refusal(announce, Frame.Code.DENIED, "a node's record holds for a day at most");
    }
    boolean trusted =
        config.neighbours().stream().anyMatch(each -> each.id().equals(Optional.of(peer)));
    if (!trusted && !record.get().urls().stream().allMatch(url -> isAt(url, from))) {
      return refusal(
          announce, Frame.Code.DENIED, "a node is announced under the address it comes from");
    }
    boolean kept =
        trusted
            ? book.put(record.get(), signed, peer.key(), NodeBook.MOST / 4, now)
            : book.put(record.get(), signed, Gate.prefix(from), NodeBook.MOST_OF_ONE_ORIGIN, now);
    return kept ? Optional.empty() : refusal(announce, Frame.Code.UNAVAILABLE, "there is no room");
  }

  private static boolean isFresh(NodeRecord record, Instant now) {
    Duration left = Duration.between(now, record.expiry());
    // A minute more, since clocks differ.
    return left.compareTo(Duration.ZERO) > 0
        && left.compareTo(NodeBook.LONGEST.plusMinutes(1)) <= 0;
  }

  /** Else peers could be sent to somebody who never asked for them. */
  private static boolean isAt(String url, InetAddress from) {
    return NodeUrl.parse(url)
        .flatMap(parsed -> IpLiterals.parse(parsed.host()))
        .filter(ip -> Bytes.wrap(ip.getAddress()).equals(Bytes.wrap(from.getAddress())))
        .isPresent();
  }

  private static Optional<Frame.Refusal> refusal(
      Frame.Announce announce, Frame.Code code, String reason) {
    return Optional.of(
        new Frame.Refusal(Optional.of(announce.id()), code, reason, Optional.empty()));
  }
}
