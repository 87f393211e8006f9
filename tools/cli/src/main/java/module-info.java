/** The culvert command. */
module dev.culvert.cli {
  requires static transitive org.jspecify;
  requires dev.culvert.sansio;
  requires dev.culvert.stun;
  requires dev.culvert.detect;
  requires dev.culvert.identity;
  requires dev.culvert.transport;
  requires dev.culvert.natsim;
  requires transitive dev.culvert.lab;
  requires transitive info.picocli;
  requires transitive com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.dataformat.yaml;
  requires org.slf4j;

  exports dev.culvert.cli;
  exports dev.culvert.cli.lab.verb;

  opens dev.culvert.cli to
      info.picocli;
  opens dev.culvert.cli.check to
      info.picocli;
  opens dev.culvert.cli.server to
      info.picocli;
  opens dev.culvert.cli.lab to
      info.picocli;
  opens dev.culvert.cli.lab.matrix to
      info.picocli;
  opens dev.culvert.cli.lab.run to
      info.picocli;
  opens dev.culvert.cli.lab.reach to
      info.picocli;
  opens dev.culvert.cli.node to
      info.picocli;
  opens dev.culvert.cli.demo to
      info.picocli;
}
