/** TURN: the relay as an engine, and its client. */
module dev.culvert.turn {
  requires static transitive org.jspecify;
  requires transitive dev.culvert.sansio;
  requires transitive dev.culvert.stun;

  exports dev.culvert.turn;
  exports dev.culvert.turn.auth;
  exports dev.culvert.turn.client;
  exports dev.culvert.turn.server;
}
