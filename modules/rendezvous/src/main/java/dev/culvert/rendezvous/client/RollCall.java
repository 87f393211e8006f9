package dev.culvert.rendezvous.client;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.Signed;
import dev.culvert.rendezvous.PeerRecord;
import dev.culvert.rendezvous.wire.Frame;
import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.MonotonicTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/** A search for the members of a namespace: they are spread over all nodes, so all are asked. */
final class RollCall implements Quest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int PAGE = 50;
  private static final int MOST_PAGES = 64;

  private record Page(Place place, Optional<String> cookie) {}

  private final long request;
  private final Bytes namespace;
  private final int most;
  private final Lines lines;
  private final NodeTime time;
  private final MonotonicTime end;
  private final Queue<Page> wanted = new ArrayDeque<>();
  private final Map<PeerId, PeerRecord> members = new LinkedHashMap<>();
  private int pages;
  private int pending;
  private boolean over;

  RollCall(
      long request,
      Bytes namespace,
      int most,
      List<Place> places,
      Lines lines,
      NodeTime time,
      MonotonicTime now) {
    this.request = request;
    this.namespace = namespace;
    this.most = most;
    this.lines = lines;
    this.time = time;
    this.end = now.plus(PATIENCE);
    places.forEach(place -> wanted.add(new Page(place, Optional.empty())));
  }

  @Override
  public void advance(MonotonicTime now) {
    while (!over && !wanted.isEmpty() && members.size() < most) {
      Page page = wanted.remove();
      if (pages++ < MOST_PAGES) {
        pending++;
        lines.ask(
            page.place(),
            id -> new Frame.Discover(id, namespace, page.cookie(), PAGE),
            answer -> answered(page.place(), answer),
            now);
      }
    }
    over |= pending == 0 || members.size() >= most || !now.isBefore(end);
  }

  private void answered(Place place, Optional<Frame> answer) {
    pending--;
    if (!over && answer.isPresent() && answer.get() instanceof Frame.Members page) {
      page.records().stream().limit(PAGE).forEach(this::member);
      page.cookie()
          .filter(cookie -> !page.records().isEmpty())
          .ifPresent(cookie -> wanted.add(new Page(place, Optional.of(cookie))));
    }
  }

  private void member(Signed signed) {
    PeerRecord known = members.get(signed.signer());
    if (known == null && members.size() >= most) {
      return;
    }
    PeerRecord.read(signed)
        .filter(its -> its.expiry().isAfter(time.now()))
        .filter(its -> known == null || its.sequence() > known.sequence())
        .ifPresent(its -> members.put(its.peer(), its));
  }

  @Override
  public MonotonicTime nextDeadline() {
    return end;
  }

  @Override
  public Optional<AttachmentEvent> result() {
    return over
        ? Optional.of(new AttachmentEvent.Discovered(request, List.copyOf(members.values())))
        : Optional.empty();
  }

  @Override
  public void end() {
    over = true;
  }
}
