/** Time, bytes, addresses, flows and the contract of a machine: what every engine is made of. */
module dev.culvert.sansio {
  requires static transitive org.jspecify;

  exports dev.culvert.sansio;
}
