package dev.culvert.cli.connect.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a stream is for, which whoever opens it says first. */
public sealed interface Purpose {
  /** Standard input and output of one side become those of the other. */
  record Pipe() implements Purpose {}

  /** Is answered once all that went into the pipe has come out over there. */
  record Done() implements Purpose {}

  /**
   * A connection, or a client's datagrams, to a port that the other side reaches.
   *
   * @param flow the number of those datagrams that go beside the stream, 1 or more; empty if all go
   *     over it
   */
  record Forward(Target target, Optional<Integer> flow) implements Purpose {
    /** All goes over the stream. */
    public Forward(Target target) {
      this(target, Optional.empty());
    }
  }

  /**
   * A file.
   *
   * @param name without folders
   * @param size in bytes
   * @param sha256 of its content, 64 hexadecimal digits in small letters
   */
  record File(String name, long size, String sha256) implements Purpose {}

  /** Bytes that are counted and thrown away. */
  record Sink() implements Purpose {}

  /**
   * Bytes that mean nothing.
   *
   * @param time for how long, at most a minute
   */
  record Source(Duration time) implements Purpose {}

  /** The version of what is said on streams. */
  long VERSION = 1;

  /**
   * In the answer to a {@link Forward}: datagrams that are short enough may go beside the stream.
   */
  String BESIDE = "datagrams";

  /** The longest that a {@link Source} flows. */
  Duration LONGEST_SOURCE = Duration.ofMinutes(1);

  /** Sends it, and waits for the other side's yes. */
  private static Message ask(Message question, TwoWay stream) throws IOException {
    question.write(stream.output());
    return answer(stream.input());
  }

  /** An answer that says yes; a {@link StreamFault} if it does not. */
  static Message answer(InputStream in) throws IOException {
    Message answer = Message.read(in);
    if (!answer.is("ok")) {
      throw StreamFault.refused(
          "the other side says: " + answer.text("reason").map(Words::clean).orElse("no"));
    }
    return answer;
  }

  /** Says yes. */
  static void agree(OutputStream out, Message more) throws IOException {
    Message answer = Message.empty().with("ok", true);
    for (var field : more.fields().entrySet()) {
      answer = answer.with(field.getKey(), field.getValue());
    }
    answer.write(out);
  }

  /** Says no. */
  static void refuse(OutputStream out, String reason) throws IOException {
    Message.empty().with("ok", false).with("reason", Words.clean(reason)).write(out);
  }

  /** Says on a fresh stream what it is for. */
  default Message ask(TwoWay stream) throws IOException {
    return ask(message(), stream);
  }

  private Message message() {
    Message head = Message.empty().with("v", VERSION);
    if (this instanceof Forward forward) {
      Message asked =
          head.with("use", forward.target().udp() ? "udp" : "tcp")
              .with("target", forward.target().text());
      return forward.flow().map(its -> asked.with("flow", its)).orElse(asked);
    } else if (this instanceof File file) {
      return head.with("use", "file")
          .with("name", file.name())
          .with("size", file.size())
          .with("sha256", file.sha256());
    } else if (this instanceof Source source) {
      return head.with("use", "source").with("millis", source.time().toMillis());
    }
    return head.with("use", this instanceof Pipe ? "pipe" : this instanceof Done ? "done" : "sink");
  }

  /**
   * Reads what a stream is for.
   *
   * @throws StreamFault if that is not said, or nothing that is known
   */
  static Purpose read(InputStream in) throws IOException {
    Message head = Message.read(in);
    Optional<Long> version = head.number("v");
    if (version.isEmpty() || version.get() != VERSION) {
      throw StreamFault.malformed(
          "it speaks version " + version.map(String::valueOf).orElse("?") + ", not " + VERSION);
    }
    String use = head.text("use").orElse("");
    return switch (use) {
      case "pipe" -> new Pipe();
      case "done" -> new Done();
      case "sink" -> new Sink();
      case "source" -> source(head);
      case "tcp", "udp" -> forward(use.equals("udp"), head);
      case "file" -> file(head);
      default -> throw StreamFault.malformed("no stream is for '" + Words.clean(use) + "'");
    };
  }

  private static Purpose source(Message head) throws StreamFault {
    long millis = head.number("millis").orElse(0L);
    if (millis < 1 || millis > LONGEST_SOURCE.toMillis()) {
      throw StreamFault.malformed("a source flows for 1 to " + LONGEST_SOURCE.toMillis() + " ms");
    }
    return new Source(Duration.ofMillis(millis));
  }

  private static Purpose forward(boolean udp, Message head) throws StreamFault {
    try {
      Optional<Integer> flow =
          head.number("flow")
              .filter(its -> udp && its > 0 && its <= Integer.MAX_VALUE)
              .map(Long::intValue);
      return new Forward(Target.parse(udp, head.text("target").orElse("")), flow);
    } catch (IllegalArgumentException e) {
      throw StreamFault.malformed(Words.clean(String.valueOf(e.getMessage())));
    }
  }

  private static Purpose file(Message head) throws StreamFault {
    String sha256 = head.text("sha256").orElse("");
    long size = head.number("size").orElse(-1L);
    if (size < 0 || !Pattern.matches("[0-9a-f]{64}", sha256)) {
      throw StreamFault.malformed("a file has a size and a SHA-256");
    }
    return new File(head.text("name").orElse(""), size, sha256);
  }
}
