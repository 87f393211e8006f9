/** The culvert command. */
module dev.culvert.cli {
  requires static transitive org.jspecify;
  requires dev.culvert.sansio;
  requires dev.culvert.stun;
  requires dev.culvert.turn;
  requires dev.culvert.ice;
  requires dev.culvert.session;
  requires dev.culvert.peer;
  requires dev.culvert.rendezvous;
  requires dev.culvert.ice4j;
  requires dev.culvert.detect;
  requires dev.culvert.identity;
  requires dev.culvert.transport;
  requires dev.culvert.natsim;
  requires transitive dev.culvert.lab;
  requires transitive info.picocli;
  requires transitive com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.dataformat.yaml;
  requires micrometer.core;
  requires micrometer.registry.prometheus;
  requires java.logging;
  requires java.net.http;
  requires me.tongfei.progressbar;
  requires org.slf4j;
  requires jdk.unsupported;

  exports dev.culvert.cli;
  exports dev.culvert.cli.lab.verb;

  opens dev.culvert.cli to
      info.picocli;
  opens dev.culvert.cli.check to
      info.picocli;
  opens dev.culvert.cli.server to
      info.picocli;
  opens dev.culvert.cli.id to
      info.picocli;
  opens dev.culvert.cli.invite to
      info.picocli;
  opens dev.culvert.cli.introduce to
      info.picocli;
  opens dev.culvert.cli.connect to
      info.picocli;
  opens dev.culvert.cli.punch to
      info.picocli;
  opens dev.culvert.cli.lab to
      info.picocli;
  opens dev.culvert.cli.lab.connect to
      info.picocli;
  opens dev.culvert.cli.lab.matrix to
      info.picocli;
  opens dev.culvert.cli.lab.run to
      info.picocli;
  opens dev.culvert.cli.lab.reach to
      info.picocli;
  opens dev.culvert.cli.lab.hold to
      info.picocli;
  opens dev.culvert.cli.lab.meet to
      info.picocli;
  opens dev.culvert.cli.lab.relay to
      info.picocli;
  opens dev.culvert.cli.settings to
      info.picocli;
  opens dev.culvert.cli.node to
      info.picocli;
  opens dev.culvert.cli.turn to
      info.picocli;
  opens dev.culvert.cli.node.manage to
      info.picocli;
  opens dev.culvert.cli.node.rendezvous to
      info.picocli;
  opens dev.culvert.cli.demo to
      info.picocli;
  opens dev.culvert.cli.ice to
      info.picocli;
}
