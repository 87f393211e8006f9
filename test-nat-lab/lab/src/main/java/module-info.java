/** Labs with NATs: the kernel's in network namespaces, or simulated ones in virtual time. */
module dev.culvert.lab {
  requires static transitive org.jspecify;
  requires transitive dev.culvert.natsim;
  requires transitive dev.culvert.sansio;
  // Whoever uses the extension brings it.
  requires static org.junit.jupiter.api;
  requires com.sun.jna;
  requires java.xml;

  exports dev.culvert.lab;
  exports dev.culvert.lab.host;
  exports dev.culvert.lab.junit;
  exports dev.culvert.lab.scenario;
  exports dev.culvert.lab.spec;
  exports dev.culvert.lab.matrix;
  exports dev.culvert.lab.world;

  // JNA looks its structures and functions up by reflection.
  opens dev.culvert.lab.wire to
      com.sun.jna;
}
