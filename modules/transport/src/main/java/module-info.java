/** Sockets, TLS, DTLS and name look-ups on Netty; drives machines. */
module dev.culvert.transport {
  requires static transitive org.jspecify;
  requires transitive dev.culvert.sansio;
  requires transitive dev.culvert.stun;
  requires transitive dev.culvert.turn;
  requires java.naming;
  requires org.slf4j;
  requires transitive io.netty.buffer;
  requires transitive io.netty.common;
  requires transitive io.netty.transport;
  requires io.netty.handler;
  requires io.netty.codec;
  requires io.netty.codec.dns;
  requires io.netty.codec.http;
  requires io.netty.resolver;
  requires io.netty.resolver.dns;
  requires io.netty.transport.unix.common;
  requires io.netty.transport.classes.epoll;
  requires io.netty.codec.classes.quic;

  exports dev.culvert.transport;
  exports dev.culvert.transport.http;
  exports dev.culvert.transport.quic;
  exports dev.culvert.transport.relay;
  exports dev.culvert.transport.server;
  exports dev.culvert.transport.view;
}
