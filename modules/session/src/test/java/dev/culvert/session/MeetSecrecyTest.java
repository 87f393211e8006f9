package dev.culvert.session;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.culvert.ice.Candidate;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.session.meet.MeetEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What nodes see of two that meet through them, below whatever TLS would hide from others. */
class MeetSecrecyTest {
  /** All that a host got or sent over connections, one after the other. */
  private static Map<String, StringBuilder> listen(SimCrowd crowd) {
    Map<String, StringBuilder> heard = new HashMap<>();
    crowd.world.observe(
        (now, where, packet, fate) -> {
          if (where.startsWith("node")) {
            String connection = packet.source() + " " + packet.destination();
            heard
                .computeIfAbsent(connection, fresh -> new StringBuilder())
                .append(new String(packet.payload().toByteArray(), StandardCharsets.ISO_8859_1));
          }
        });
    return heard;
  }

  /** A text, and whatever stands in it as base64url. */
  private static List<String> forms(String text) {
    List<String> forms = new ArrayList<>(List.of(text));
    for (String part : text.split("[^A-Za-z0-9_-]+", -1)) {
      if (part.length() > 60 && part.length() % 4 != 1) {
        byte[] bytes = Base64.getUrlDecoder().decode(part);
        forms.add(new String(bytes, StandardCharsets.ISO_8859_1));
      }
    }
    return forms;
  }

  @Test
  void nodesSeeNoCandidateAndNoDescription() {
    SimCrowd crowd = new SimCrowd(5, 3);
    Map<String, StringBuilder> heard = listen(crowd);
    SimCaller a = crowd.settler(SimCrowd.CONE, AcceptPolicy.nobody());
    SimCaller b = crowd.settler(SimCrowd.SYMMETRIC, AcceptPolicy.open());
    crowd.untilAttached(a, b);
    a.call(b);
    crowd.until(Duration.ofSeconds(30), "a path", () -> a.connected() > 0 && b.connected() > 0);
    Set<String> secrets =
        new TreeSet<>(
            List.of(
                "ufrag",
                "candidate",
                "describe",
                "host",
                "srflx",
                "relay\"",
                "punch/1",
                "mapping="));
    for (SimCaller each : List.of(a, b)) {
      secrets.add(IpLiterals.format(each.address, false));
      each.told(MeetEvent.Session.class).stream()
          .map(MeetEvent.Session::event)
          .filter(SessionEvent.LocalCandidate.class::isInstance)
          .map(its -> ((SessionEvent.LocalCandidate) its).candidate())
          .map(MeetSecrecyTest::foundation)
          .forEach(secrets::add);
    }
    assertTrue(secrets.size() > 10, secrets.toString());
    String all = String.join("\n", heard.values());
    assertTrue(all.contains("\"signal\"") && all.contains("\"said\""), "nothing went through them");
    for (String form : forms(all)) {
      secrets.forEach(secret -> assertFalse(form.contains(secret), secret));
    }
  }

  /** As it stands in a description. */
  private static String foundation(Candidate candidate) {
    return "\"foundation\":\"" + candidate.foundation() + "\"";
  }
}
