package dev.culvert.cli.ice;

import dev.culvert.cli.Console;
import dev.culvert.ice.IceRole;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code culvert ice offer}. */
@Command(
    name = "offer",
    header = "Meets another host: prints what the other side needs, and waits for its answer.",
    description = {
      "It prints a description of this host. Paste that into 'culvert ice answer' on the other"
          + " host, by whatever channel there is, and paste here what that prints. Then both find"
          + " a path (RFC 8445), send datagrams over it and back, and tell what path it is.",
      "",
      "Whoever has a description can answer it in the other's place: it holds the passwords of"
          + " this one attempt. Both it and mappings on NATs are kept alive until --wait is over."
    },
    exitCodeList = {
      "0:connected directly, or as --policy relay-only wants it",
      "2:the command line or what was pasted is not understood",
      "3:connected through a relay",
      "4:not connected",
      "6:no usable network",
      "8:no description of the other side in time",
      "130:interrupted"
    })
public final class IceOfferCommand implements Callable<Integer> {
  /** What an agent gives the other one to begin (RFC 8863 §4). */
  private static final Duration PATIENCE = Duration.ofMillis(39_500);

  private final Console console;

  @Mixin private PeerOptions peer = new PeerOptions();
  @Mixin private MeetOptions meeting = new MeetOptions();

  IceOfferCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return new MeetRun(console, peer, meeting).run(IceRole.CONTROLLING, PATIENCE);
  }
}
