/** How peers find each other through nodes that learn nothing. */
module dev.culvert.rendezvous {
  requires static transitive org.jspecify;
  requires transitive dev.culvert.sansio;
  requires transitive dev.culvert.identity;
  requires com.fasterxml.jackson.core;

  exports dev.culvert.rendezvous;
  exports dev.culvert.rendezvous.call;
  exports dev.culvert.rendezvous.client;
  exports dev.culvert.rendezvous.code;
  exports dev.culvert.rendezvous.node;
  exports dev.culvert.rendezvous.wire;
}
