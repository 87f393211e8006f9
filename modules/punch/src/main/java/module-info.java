/** Hole punching against hard NATs: plans, each a machine without I/O. */
module dev.culvert.punch {
  requires static transitive org.jspecify;
  requires transitive dev.culvert.sansio;
  requires dev.culvert.stun;

  exports dev.culvert.punch;
}
