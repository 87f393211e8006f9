package dev.culvert.it;

import dev.culvert.sansio.Answer;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.LocalService;
import dev.culvert.sansio.Machine;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.Question;
import dev.culvert.transport.MachineDriver;
import dev.culvert.transport.MulticastDnsStatistics;
import dev.culvert.transport.NetworkRuntime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * Does with names of a link what its input says, a line each: {@code publish ID NAME IP}, {@code
 * close ID}, {@code ask ID NAME}, {@code announce ID INSTANCE IP}, {@code browse ID TYPE}, {@code
 * counts}; {@code end} ends it.
 */
final class NamesProgram {
  private static final class Names implements Machine<String> {
    private final Queue<Output> outputs = new ArrayDeque<>();
    private final Queue<String> events = new ArrayDeque<>();

    @Override
    public void receive(Flow from, Bytes payload, MonotonicTime now) {}

    @Override
    public void accept(Input input, MonotonicTime now) {
      if (input instanceof Input.Published published) {
        events.add("published " + published.id());
      } else if (input instanceof Input.PublishFailed failed) {
        events.add("refused " + failed.id() + " " + failed.detail());
      } else if (input instanceof Input.Answered answered) {
        events.add("answer " + answered.id() + " " + text(answered.answer()));
      }
    }

    private static String text(Answer.Found found) {
      LocalService service = found.service();
      String ips = text(new Answer.Addresses(found.ips()));
      return service.instance() + ":" + service.port() + service.text() + ips;
    }

    private static String text(Answer answer) {
      if (answer instanceof Answer.Addresses addresses) {
        return addresses.ips().stream().map(ip -> IpLiterals.format(ip, false)).toList().toString();
      }
      if (answer instanceof Answer.LocalServices services) {
        return services.found().stream().map(Names::text).sorted().toList().toString();
      }
      return answer instanceof Answer.Failed failed ? failed.detail() : answer.toString();
    }

    @Override
    public void advance(MonotonicTime now) {}

    @Override
    public Optional<MonotonicTime> nextDeadline() {
      return Optional.empty();
    }

    @Override
    public Optional<Output> pollOutput() {
      return Optional.ofNullable(outputs.poll());
    }

    @Override
    public Optional<String> pollEvent() {
      return Optional.ofNullable(events.poll());
    }
  }

  private NamesProgram() {}

  public static void main(String[] none) throws IOException {
    Names names = new Names();
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (NetworkRuntime runtime = NetworkRuntime.create();
        MachineDriver<String> driver = runtime.drive(names, line -> System.out.println(line))) {
      System.out.println("ready");
      for (String line = input.readLine();
          line != null && !line.equals("end");
          line = input.readLine()) {
        if (line.equals("counts")) {
          MulticastDnsStatistics counts = runtime.multicastDnsStatistics();
          System.out.println("malformed " + counts.malformed() + " foreign " + counts.foreign());
        } else {
          Output output = output(line.split(" ", -1));
          driver.execute(now -> names.outputs.add(output));
        }
      }
    }
    System.out.println("over");
  }

  private static Output output(String[] words) {
    long id = Long.parseLong(words[1]);
    return switch (words[0]) {
      case "publish" -> new Output.Publish(id, words[2], IpLiterals.parse(words[3]).orElseThrow());
      case "announce" ->
          new Output.Announce(
              id,
              new LocalService("_culvert._tcp", words[2], 8443, List.of("id=" + words[2])),
              IpLiterals.parse(words[3]).orElseThrow());
      case "browse" -> new Output.Ask(id, new Question.LocalServices(words[2]));
      case "close" -> new Output.Close(id);
      case "ask" -> new Output.Ask(id, new Question.Addresses(words[2]));
      default -> throw new IllegalArgumentException(words[0]);
    };
  }
}
