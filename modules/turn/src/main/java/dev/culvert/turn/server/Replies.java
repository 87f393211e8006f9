package dev.culvert.turn.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Transport;
import dev.culvert.stun.Protection;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** Sends responses, and keeps those small and few that anybody can provoke. */
final class Replies {
  /** A response to somebody unproven has at most so many times the request's bytes on the wire. */
  private static final int MOST_TIMES = 4;

  private static final int IPV4_UDP_HEADERS = 28;
  private static final int IPV6_UDP_HEADERS = 48;

  private final Context context;
  private final ResponseGate gate;

  Replies(Context context, ResponseGate gate) {
    this.context = context;
    this.gate = gate;
  }

  void success(Request request, List<Attribute> answer) {
    context.counts.add(TurnCount.REQUESTS_DONE);
    StunMessage response = request.message().successResponse(answer.toArray(Attribute[]::new));
    context.send(request.from(), StunCodec.encode(response, request.protection()));
  }

  void success(Request request, Attribute... answer) {
    success(request, List.of(answer));
  }

  void refuse(Request request, int code, Attribute... more) {
    context.counts.add(TurnCount.REQUESTS_REFUSED);
    context.refusals.add(code);
    StunMessage response = request.message().errorResponse(code, more);
    context.send(request.from(), StunCodec.encode(response, request.protection()));
  }

  /** A response to a request that proved nothing: of such a datagram the source may be forged. */
  void unproven(Flow to, StunPacket request, StunMessage response, long now) {
    Bytes bytes = encode(request, response);
    if (to.transport() == Transport.UDP) {
      int headers = to.remote().isIpv4() ? IPV4_UDP_HEADERS : IPV6_UDP_HEADERS;
      int most = MOST_TIMES * (request.wire().length() + headers);
      if (bytes.length() + headers > most) {
        bytes = encode(request, withoutReason(response));
      }
      int wireLength = bytes.length() + headers;
      if (wireLength > most || !gate.admit(to.remote().ip(), wireLength, now)) {
        context.counts.add(TurnCount.CHALLENGES_DROPPED);
        return;
      }
    }
    context.counts.add(TurnCount.CHALLENGES);
    context.send(to, bytes);
  }

  private static Bytes encode(StunPacket request, StunMessage response) {
    return StunCodec.encode(
        response,
        request.hasFingerprint() ? Protection.none().withFingerprint() : Protection.none());
  }

  private static StunMessage withoutReason(StunMessage response) {
    List<Attribute> attributes = new ArrayList<>();
    for (Attribute attribute : response.attributes()) {
      attributes.add(
          attribute instanceof ErrorCode error ? new ErrorCode(error.code(), "") : attribute);
    }
    return new StunMessage(
        response.messageClass(), response.method(), response.transactionId(), attributes);
  }
}
