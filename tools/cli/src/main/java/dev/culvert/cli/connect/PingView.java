package dev.culvert.cli.connect;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Mark;
import dev.culvert.cli.Style;
import dev.culvert.cli.View;
import dev.culvert.identity.PeerId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What came of pinging; its JSON is {@code culvert.ping/1}, which grows only by addition.
 *
 * @param peer whom
 * @param connectedAfter how long it took to be connected
 * @param watch which way it went
 * @param sent how many datagrams
 * @param replies those that came back
 */
record PingView(
    PeerId peer, Duration connectedAfter, PathWatch watch, long sent, List<PingRun.Reply> replies)
    implements View {

  /** {@code reply 3 12.4 ms direct by simultaneous open: ... to ...}. */
  static String line(PingRun.Reply reply) {
    return "reply "
        + reply.number()
        + "  "
        + PathText.millis(reply.roundTrip())
        + "  "
        + reply.path().map(PathText::words).orElse("by a path that is gone");
  }

  private List<Duration> sorted() {
    return replies.stream().map(PingRun.Reply::roundTrip).sorted().toList();
  }

  @Override
  public String text(Style style) {
    List<Duration> times = sorted();
    boolean direct = watch.path().filter(path -> path.isDirect()).isPresent();
    Mark mark = replies.isEmpty() ? Mark.BAD : direct ? Mark.GOOD : Mark.FAIR;
    String figures =
        times.isEmpty()
            ? ""
            : ", in "
                + PathText.number(times.get(0)).toPlainString()
                + "/"
                + PathText.number(times.get(times.size() / 2)).toPlainString()
                + "/"
                + PathText.millis(times.get(times.size() - 1));
    String way =
        watch
            .directAfter()
            .map(after -> ", direct after " + PathText.millis(after))
            .orElse(replies.isEmpty() ? "" : ", relayed");
    return style.mark(mark) + " " + replies.size() + " of " + sent + " came back" + figures + way;
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    List<Duration> times = sorted();
    out.writeStartObject();
    out.writeStringField("schema", "culvert.ping/1");
    out.writeStringField("peer", peer.toString());
    PathText.time(out, "connectedMillis", Optional.of(connectedAfter));
    PathText.time(out, "directMillis", watch.directAfter());
    out.writeNumberField("pathChanges", watch.changes());
    PathText.path(out, watch.path());
    PathText.text(
        out, "staysRelayed", Optional.of(watch.whyRelayed()).filter(text -> !text.isEmpty()));
    out.writeNumberField("sent", sent);
    out.writeNumberField("back", replies.size());
    PathText.time(out, "fastestMillis", times.stream().findFirst());
    PathText.time(out, "medianMillis", times.stream().skip(times.size() / 2).findFirst());
    PathText.time(out, "slowestMillis", times.stream().reduce((one, two) -> two));
    out.writeArrayFieldStart("replies");
    for (PingRun.Reply reply : replies) {
      out.writeStartObject();
      out.writeNumberField("number", reply.number());
      PathText.time(out, "roundTripMillis", Optional.of(reply.roundTrip()));
      PathText.path(out, reply.path());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }
}
