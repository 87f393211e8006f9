/** Real NATs of the Linux kernel in network namespaces of their own. */
module dev.culvert.lab {
  requires static transitive org.jspecify;
  requires dev.culvert.sansio;
  requires com.sun.jna;

  exports dev.culvert.lab;
  exports dev.culvert.lab.spec;

  // JNA looks its structures and functions up by reflection.
  opens dev.culvert.lab.wire to
      com.sun.jna;
}
