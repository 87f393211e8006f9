package dev.culvert.cli.lab.hold;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Output;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.StreamFraming;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Lifetime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts what a client and its relay say to each other, from nothing but the bytes. */
final class WireCount {
  private static final int LONGEST = 65_560;

  private final Map<Long, StreamFraming> streams = new HashMap<>();
  private int requests;
  private int allocates;
  private int refreshes;
  private int staleNonces;
  private int challenges;

  /** Looks at what the client sends. */
  void sent(Output output) {
    if (output instanceof Output.Send send) {
      decoded(send.payload())
          .filter(message -> message.messageClass() == MessageClass.REQUEST)
          .ifPresent(
              message -> {
                requests++;
                allocates += message.method().equals(Method.ALLOCATE) ? 1 : 0;
              });
    } else if (output instanceof Output.Close close) {
      streams.remove(close.id());
    }
  }

  /** Looks at what the relay sends. */
  void received(Flow from, Bytes payload) {
    List<Bytes> messages =
        from.transport().isStream()
            ? streams
                .computeIfAbsent(from.id(), fresh -> new StreamFraming(true, LONGEST))
                .feed(payload)
            : List.of(payload);
    for (Bytes message : new ArrayList<>(messages)) {
      decoded(message).ifPresent(this::take);
    }
  }

  private static Optional<StunMessage> decoded(Bytes message) {
    return StunCodec.looksLikeStun(message)
        ? StunCodec.decode(message).packet().map(StunPacket::message)
        : Optional.empty();
  }

  private void take(StunMessage message) {
    int code = message.error().map(ErrorCode::code).orElse(0);
    staleNonces += code == ErrorCode.STALE_NONCE ? 1 : 0;
    challenges += code == ErrorCode.UNAUTHENTICATED ? 1 : 0;
    boolean refreshed =
        message.method().equals(Method.REFRESH)
            && message.messageClass() == MessageClass.SUCCESS_RESPONSE
            && message.first(Lifetime.class).filter(time -> time.seconds() > 0).isPresent();
    refreshes += refreshed ? 1 : 0;
  }

  /** Requests of any kind, each sending of them. */
  int requests() {
    return requests;
  }

  /** Allocate requests, each sending of them. */
  int allocates() {
    return allocates;
  }

  /** Refresh requests that were granted. */
  int refreshes() {
    return refreshes;
  }

  /** Answers 438. */
  int staleNonces() {
    return staleNonces;
  }

  /** Answers 401. */
  int challenges() {
    return challenges;
  }
}
