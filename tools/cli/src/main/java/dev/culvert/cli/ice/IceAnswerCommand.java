package dev.culvert.cli.ice;

import dev.culvert.cli.Console;
import dev.culvert.ice.IceRole;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code culvert ice answer}. */
@Command(
    name = "answer",
    header = "Meets another host that offered: reads its description, and prints the answer.",
    description = {
      "Paste what 'culvert ice offer' printed on the other host, or name a file that holds it,"
          + " and paste the answer there. From then on this side tries to get through, and goes"
          + " on until the other side has the answer, too, or --wait is over."
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
public final class IceAnswerCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private PeerOptions peer = new PeerOptions();
  @Mixin private MeetOptions meeting = new MeetOptions();

  IceAnswerCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return new MeetRun(console, peer, meeting).run(IceRole.CONTROLLED, meeting.patience());
  }
}
