/** ICE: an agent without I/O. */
module dev.culvert.ice {
  requires static transitive org.jspecify;
  requires transitive dev.culvert.sansio;
  requires transitive dev.culvert.stun;
  requires com.fasterxml.jackson.core;

  exports dev.culvert.ice;
  exports dev.culvert.ice.engine;
  exports dev.culvert.ice.text;
}
