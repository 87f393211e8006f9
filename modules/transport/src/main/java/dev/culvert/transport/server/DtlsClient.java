package dev.culvert.transport.server;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.CloseCause;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.BindingResponder;
import dev.culvert.transport.secure.DtlsAssociation;
import dev.culvert.turn.ChannelData;
import dev.culvert.turn.server.ClientForward;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One DTLS association: answers its Binding requests, one in each datagram, and hands the rest to
 * the relay, which hears of it with the first. Belongs to the loop.
 */
final class DtlsClient implements DtlsAssociation.Listener, ClientSink {
  private final LoopState loop;
  private final DtlsAssociation association;
  private final TransportAddress local;
  private final BindingResponder responder;
  private @Nullable Flow flow;

  DtlsClient(
      LoopState loop,
      DtlsAssociation association,
      TransportAddress local,
      BindingResponder responder) {
    this.loop = loop;
    this.association = association;
    this.local = local;
    this.responder = responder;
  }

  @Override
  public void received(Bytes payload) {
    BindingResponder.Outcome outcome = BindingResponder.Outcome.NOT_STUN;
    if (payload.length() <= ServerPlatform.MAX_DATAGRAM) {
      outcome = answer(payload);
    }
    if (outcome.isSent()) {
      return;
    }
    RelayLoop relay = loop.relay;
    if (relay != null) {
      loop.counts.add(ServerCount.RELAY);
      relay.receive(known(relay), payload);
    } else if (outcome != BindingResponder.Outcome.NOT_A_BINDING_REQUEST) {
      loop.counts.add(ServerCount.DROPPED_GARBAGE);
    }
  }

  private BindingResponder.Outcome answer(Bytes payload) {
    payload.copyTo(loop.requestBytes, 0);
    ByteBuffer request = loop.request.clear().limit(payload.length());
    ByteBuffer response = loop.response.clear();
    InetSocketAddress remote = association.remote();
    BindingResponder.Outcome outcome =
        responder.respond(request, remote.getAddress(), remote.getPort(), response, loop.reply);
    if (outcome.isSent()) {
      boolean sent = association.send(Bytes.copyOf(response.flip()));
      loop.counts.add(sent ? ServerCount.STREAM_ANSWERED : ServerCount.DROPPED_UNSENT);
    }
    return outcome;
  }

  private Flow known(RelayLoop relay) {
    Flow known = flow;
    if (known == null) {
      TransportAddress remote = TransportAddress.of(association.remote());
      known = new Flow(relay.newId(), Transport.DTLS, local, remote);
      flow = known;
      relay.opened(known, this);
    }
    return known;
  }

  @Override
  public void ended(CloseCause cause, String detail) {
    if (cause == CloseCause.TIMED_OUT) {
      loop.counts.add(ServerCount.CONNECTIONS_IDLE);
    }
    if (flow != null && loop.relay != null) {
      loop.relay.closed(flow.id(), cause, detail);
    }
  }

  @Override
  public boolean mayIdle() {
    return flow == null || loop.relay == null || loop.relay.client(flow.id()) == null;
  }

  @Override
  public void send(Output.Send send) {
    if (!association.send(send.payload())) {
      loop.counts.add(ServerCount.DROPPED_UNSENT);
    }
  }

  @Override
  public void relay(ClientForward to, ByteBuf data) {
    byte[] bytes = new byte[data.readableBytes()];
    data.getBytes(data.readerIndex(), bytes);
    if (!association.send(new ChannelData(to.channel(), Bytes.wrap(bytes)).encode())) {
      loop.counts.add(ServerCount.DROPPED_UNSENT);
    }
  }

  @Override
  public void close() {
    association.close();
  }
}
