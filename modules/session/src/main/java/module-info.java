/** A peer without I/O: sockets shared by STUN, relays and ICE with every other peer. */
module dev.culvert.session {
  requires static transitive org.jspecify;
  requires transitive dev.culvert.sansio;
  requires transitive dev.culvert.stun;
  requires transitive dev.culvert.detect;
  requires transitive dev.culvert.turn;
  requires transitive dev.culvert.ice;
  requires transitive dev.culvert.punch;
  requires transitive dev.culvert.identity;
  requires transitive dev.culvert.rendezvous;

  exports dev.culvert.session;
  exports dev.culvert.session.meet;
}
