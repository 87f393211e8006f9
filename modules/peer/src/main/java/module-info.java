/** What applications use: peers that meet, and paths between them as channels and sockets. */
module dev.culvert.peer {
  requires static transitive org.jspecify;
  requires transitive dev.culvert.sansio;
  requires transitive dev.culvert.ice;
  requires transitive dev.culvert.identity;
  requires transitive dev.culvert.rendezvous;
  requires transitive dev.culvert.session;
  requires transitive dev.culvert.transport;
  requires dev.culvert.turn;
  requires transitive io.netty.transport;
  requires io.netty.buffer;
  requires io.netty.common;
  requires org.slf4j;

  exports dev.culvert.peer;
}
