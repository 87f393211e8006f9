package dev.culvert.it;

import dev.culvert.lab.LabHost;
import dev.culvert.lab.LabProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What coturn's turnutils_uclient says at its end.
 *
 * @param sent messages, by all its clients together
 * @param received of them
 * @param lost of them
 * @param dropped before they were sent
 */
record Uclient(
    int exitCode, OptionalLong sent, long received, long lost, long dropped, String text) {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Pattern MESSAGES =
      Pattern.compile("start_mclient: tot_send_msgs=([0-9]+), tot_recv_msgs=([0-9]+)\\s");
  private static final Pattern LOST =
      Pattern.compile("Total lost packets (-?[0-9]+) \\(.*total send dropped ([0-9]+) ");

  /** Runs it on {@code host} with these options, the server's address among them. */
  static Uclient run(LabHost host, List<String> options) throws Exception {
    List<String> command = new ArrayList<>(List.of("timeout", "80", "turnutils_uclient"));
    command.addAll(options);
    try (LabProcess process = host.start(command)) {
      int exitCode = process.awaitExit(LIMIT);
      String text =
          String.join(" ", command) + " ended with " + exitCode + ":\n" + process.output();
      List<MatchResult> messages = MESSAGES.matcher(text).results().toList();
      List<MatchResult> lost = LOST.matcher(text).results().toList();
      if (messages.isEmpty() || lost.isEmpty()) {
        return new Uclient(exitCode, OptionalLong.empty(), 0, 0, 0, text);
      }
      return new Uclient(
          exitCode,
          OptionalLong.of(number(messages, 1)),
          number(messages, 2),
          number(lost, 1),
          number(lost, 2),
          text);
    }
  }

  private static long number(List<MatchResult> hits, int group) {
    return Long.parseLong(hits.get(hits.size() - 1).group(group));
  }
}
