package dev.culvert.turn.client;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.StunPacket;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.Icmp;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.turn.ChannelData;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What comes from the server: answers go to whoever asked, peers' data becomes events, and anything
 * else is dropped.
 *
 * @param peers those of the allocation; empty while there is none
 */
record Arrival(ServerLink link, Optional<Peers> peers, Consumer<TurnClientEvent> events) {

  void take(Flow from, Bytes message, MonotonicTime now) {
    if (message.isEmpty()) {
      return;
    }
    if (ChannelData.beginsWith(message.at(0))) {
      ChannelData.decode(message).ifPresent(this::takeData);
      return;
    }
    Optional<StunPacket> packet = StunCodec.decode(message).packet();
    if (packet.isEmpty()) {
      return;
    }
    StunMessage said = packet.get().message();
    if (said.messageClass().isResponse()) {
      link.requests().receive(from, packet.get(), now);
    } else if (said.messageClass() == MessageClass.INDICATION
        && said.method().equals(Method.DATA)
        && said.unknownRequired().isEmpty()) {
      takeIndication(said);
    }
  }

  private void takeData(ChannelData message) {
    peers
        .map(all -> all.owner(message.channel()))
        .ifPresent(peer -> events.accept(new TurnClientEvent.Received(peer, message.data())));
  }

  /** Data that nobody asked for did not come from the peer it names (RFC 8656 §11.4). */
  private void takeIndication(StunMessage message) {
    Optional<TransportAddress> peer =
        message
            .first(XorPeerAddress.class)
            .map(XorPeerAddress::address)
            .filter(address -> peers.filter(all -> all.isExpected(address.ip())).isPresent());
    if (peer.isEmpty()) {
      return;
    }
    Optional<Icmp> icmp = message.first(Icmp.class);
    if (icmp.isPresent()) {
      events.accept(
          new TurnClientEvent.PeerUnreachable(
              peer.get(), icmp.get().icmpType(), icmp.get().icmpCode()));
    } else {
      message
          .first(Data.class)
          .ifPresent(
              data -> events.accept(new TurnClientEvent.Received(peer.get(), data.payload())));
    }
  }
}
