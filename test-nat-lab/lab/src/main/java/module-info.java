/** Real NATs of the Linux kernel in network namespaces of their own. */
module dev.culvert.lab {
  requires static transitive org.jspecify;
  requires com.sun.jna;
  requires org.slf4j;
}
