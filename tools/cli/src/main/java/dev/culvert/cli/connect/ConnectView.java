package dev.culvert.cli.connect;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.culvert.cli.Mark;
import dev.culvert.cli.Style;
import dev.culvert.cli.View;
import dev.culvert.cli.connect.stream.FileSending;
import dev.culvert.cli.connect.stream.Traffic;
import dev.culvert.identity.PeerId;
import dev.culvert.peer.PeerStatistics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a connection was good for; its JSON is {@code culvert.connect/1}, which grows only by
 * addition.
 *
 * @param peer with whom
 * @param connectedAfter how long it took
 * @param watch which way it went
 * @param statistics of the connection
 * @param traffic of the pipe, if there was one
 * @param sent the files
 */
record ConnectView(
    PeerId peer,
    Duration connectedAfter,
    PathWatch watch,
    PeerStatistics statistics,
    Optional<Traffic> traffic,
    List<FileSending.Sent> sent)
    implements View {

  @Override
  public String text(Style style) {
    return sent.stream()
        .map(
            its ->
                style.mark(Mark.GOOD)
                    + " "
                    + its.name()
                    + "  "
                    + ProgressLine.bytes(its.size())
                    + "  sha256 "
                    + its.sha256()
                    + (its.resumedFrom() > 0
                        ? "  (" + ProgressLine.bytes(its.resumedFrom()) + " were there)"
                        : ""))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  @Override
  public void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("schema", "culvert.connect/1");
    out.writeStringField("peer", peer.toString());
    PathText.time(out, "connectedMillis", Optional.of(connectedAfter));
    PathText.time(out, "directMillis", watch.directAfter());
    out.writeNumberField("pathChanges", watch.changes());
    PathText.path(out, watch.path());
    PathText.text(
        out, "staysRelayed", Optional.of(watch.whyRelayed()).filter(text -> !text.isEmpty()));
    if (traffic.isPresent()) {
      out.writeNumberField("sentBytes", traffic.get().sent());
      out.writeNumberField("receivedBytes", traffic.get().received());
    }
    out.writeNumberField("sentPackets", statistics.sentPackets());
    out.writeNumberField("receivedPackets", statistics.receivedPackets());
    out.writeNumberField("lostPackets", statistics.lostPackets());
    out.writeArrayFieldStart("files");
    for (FileSending.Sent each : sent) {
      out.writeStartObject();
      out.writeStringField("name", each.name());
      out.writeNumberField("bytes", each.size());
      out.writeStringField("sha256", each.sha256());
      out.writeNumberField("resumedFrom", each.resumedFrom());
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeEndObject();
  }
}
