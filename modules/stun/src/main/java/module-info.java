/** STUN by RFC 8489: codec, attributes, integrity, client transactions, a stateless responder. */
module dev.culvert.stun {
  requires static transitive org.jspecify;
  requires transitive dev.culvert.sansio;
  requires rocks.xmpp.precis;

  exports dev.culvert.stun;
  exports dev.culvert.stun.attribute;
}
