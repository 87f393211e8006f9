/** A deterministic virtual Internet with NATs; knows only machines. */
module dev.culvert.natsim {
  requires static transitive org.jspecify;
  requires transitive dev.culvert.sansio;

  exports dev.culvert.natsim;
}
