package dev.culvert.turn.client;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.XorMappedAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Keeps one allocation: refreshes it in time (RFC 8656 §8), keeps NATs on the way awake, and finds
 * out early when it is gone. Every Binding request that keeps NATs awake also shows whether the
 * server still sees the client where the allocation was made; if not, or if nobody answers, a
 * Refresh says at once whether there is an allocation.
 */
final class Upkeep {
  /** How long before its end an allocation is prolonged: enough for all sendings of a request. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  private static final Duration FIRST_RETRY = Duration.ofSeconds(5);

  /** So many Binding requests may stay without a use before a Refresh takes their place. */
  private static final int MOST_USELESS = 3;

  /** Of so many signs of life one is a Refresh: a server that was started anew answers Binding. */
  private static final int REFRESH_AMONG = 4;

  private final TurnClientConfig config;
  private final ServerLink link;
  private final Agenda agenda;
  private final Reply.Taker loss;
  private final Pauses retries;
  private TransportAddress mapped;
  private Optional<TransportAddress> elsewhere = Optional.empty();
  private MonotonicTime end;
  private Optional<Agenda.Entry> refresh = Optional.empty();
  private boolean refreshing;
  private boolean probing;
  private boolean useless;
  private int uselessInARow;
  private int kept;

  /**
   * Begins with an allocation that was just granted.
   *
   * @param mapped where the server sees the client
   * @param loss is given the reply that says that the allocation is gone
   */
  Upkeep(
      TurnClientConfig config,
      ServerLink link,
      Agenda agenda,
      RandomGenerator random,
      TransportAddress mapped,
      Duration lifetime,
      Reply.Taker loss,
      MonotonicTime now) {
    this.config = config;
    this.link = link;
    this.agenda = agenda;
    this.mapped = mapped;
    this.loss = loss;
    this.retries = new Pauses(FIRST_RETRY, MARGIN, random);
    this.end = now;
    refreshAfter(lifetime, now);
    agenda.at(now.plus(config.keepalive()), this::keepAlive);
  }

  static Duration lifetime(StunMessage response) {
    return response
        .first(Lifetime.class)
        .map(lifetime -> Duration.ofSeconds(lifetime.seconds()))
        .orElse(Duration.ZERO);
  }

  /** Something else was not answered, or in words that say that there is no allocation. */
  void doubt(Reply reply, MonotonicTime now) {
    if (reply.code() == ErrorCode.ALLOCATION_MISMATCH) {
      loss.take(reply, now);
    } else if (reply instanceof Reply.Unanswered) {
      refresh(now);
    }
  }

  /** Asks at once whether there is an allocation. */
  void check(MonotonicTime now) {
    refresh(now);
  }

  private void refreshAfter(Duration lifetime, MonotonicTime now) {
    end = now.plus(lifetime);
    Duration half = lifetime.dividedBy(2);
    Duration latest = lifetime.minus(MARGIN);
    refreshAt(now.plus(latest.compareTo(half) > 0 ? latest : half));
  }

  private void refreshAt(MonotonicTime when) {
    refresh.ifPresent(Agenda.Entry::cancel);
    refresh = Optional.of(agenda.at(when, this::refresh));
  }

  private void refresh(MonotonicTime now) {
    if (refreshing) {
      return;
    }
    refreshing = true;
    List<Attribute> says =
        config
            .lifetime()
            .map(lifetime -> List.<Attribute>of(new Lifetime(lifetime.toSeconds())))
            .orElse(List.of());
    link.requests().ask(Method.REFRESH, says, (reply, later) -> refreshed(reply, now, later), now);
  }

  private void refreshed(Reply reply, MonotonicTime asked, MonotonicTime now) {
    refreshing = false;
    if (reply instanceof Reply.Granted granted) {
      Duration lifetime = lifetime(granted.response());
      if (lifetime.isZero()) {
        loss.take(new Reply.Unanswered("the server granted no time"), now);
        return;
      }
      elsewhere.ifPresent(address -> mapped = address);
      uselessInARow += useless ? 1 : 0;
      useless = false;
      retries.reset();
      refreshAfter(lifetime, now);
    } else if (!isWorthARetry(reply, asked) || !retry(now)) {
      loss.take(reply, now);
    }
  }

  /** A server in trouble may get over it; one that speaks of other things has not gone. */
  private boolean isWorthARetry(Reply reply, MonotonicTime asked) {
    return reply instanceof Reply.Unanswered
        ? link.isHeardSince(asked)
        : reply.code() == ErrorCode.ALLOCATION_QUOTA_REACHED
            || reply.code() >= ErrorCode.SERVER_ERROR;
  }

  /** Asks again while the server is bound to keep the allocation. */
  private boolean retry(MonotonicTime now) {
    MonotonicTime when = now.plus(retries.next());
    if (!when.isBefore(end)) {
      return false;
    }
    refreshAt(when);
    return true;
  }

  private void keepAlive(MonotonicTime now) {
    agenda.at(now.plus(config.keepalive()), this::keepAlive);
    boolean turn = ++kept % REFRESH_AMONG == 0 || uselessInARow >= MOST_USELESS;
    if (turn && !refreshing) {
      refresh(now);
    } else if (!probing) {
      // Also beside a Refresh: on a bad line its answer tells that only the Refresh was lost.
      probing = true;
      link.requests().probe((reply, later) -> probed(reply, now, later), now);
    }
  }

  private void probed(Reply reply, MonotonicTime asked, MonotonicTime now) {
    probing = false;
    elsewhere = reply instanceof Reply.Granted granted ? seen(granted) : Optional.empty();
    useless = elsewhere.isEmpty();
    boolean alive = useless && reply instanceof Reply.Unanswered && link.isHeardSince(asked);
    if (!alive && !elsewhere.equals(Optional.of(mapped))) {
      refresh(now);
    } else if (!useless) {
      uselessInARow = 0;
    }
  }

  private static Optional<TransportAddress> seen(Reply.Granted granted) {
    return granted
        .response()
        .first(XorMappedAddress.class)
        .map(XorMappedAddress::address)
        .or(() -> granted.response().first(MappedAddress.class).map(MappedAddress::address));
  }
}
