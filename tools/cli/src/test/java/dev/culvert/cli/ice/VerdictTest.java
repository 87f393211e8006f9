package dev.culvert.cli.ice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.culvert.cli.ice.trace.TraceLine;
import dev.culvert.cli.ice.trace.TraceText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One cause each. A trace is written as {@code kind field=value field=value; kind ...}. */
class VerdictTest {
  static final String HOST = "candidate type=host address=10.0.0.2:4000; ";
  static final String KNOWN = "described side=own; described side=peer; ";
  static final String RELAYED =
      "path pair=x local=relay remote=host relayed=true; ended outcome=relayed";
  static final String FAILED = "failed cause=no-answer reason=n; ended outcome=unreachable";

  static Story story(String text) {
    List<TraceLine> lines = new ArrayList<>();
    lines.add(
        TraceLine.of(0, "begin")
            .with("schema", TraceText.SCHEMA)
            .with("policy", text.contains("relay-only") ? "relay-only" : "prefer-direct"));
    for (String each : text.split(";", -1)) {
      if (!each.isBlank()) {
        List<String> words = Arrays.asList(each.strip().split(" ", -1));
        TraceLine line = TraceLine.of(lines.size() * 10, words.get(0));
        for (String word : words.subList(1, words.size())) {
          int equals = word.indexOf('=');
          String value = word.substring(equals + 1).replace('_', ' ');
          line = line.with(word.substring(0, equals), value(value));
        }
        lines.add(line);
      }
    }
    return Story.of(lines);
  }

  private static Object value(String text) {
    if (text.equals("true")) {
      return true;
    }
    return text.matches("[0-9]+") ? (Object) Double.valueOf(text) : text;
  }

  private static String code(String text) {
    Optional<Verdict> verdict = Verdict.of(story(text));
    verdict.ifPresent(
        its -> {
          assertFalse(its.cause().isEmpty());
          assertFalse(its.action().isEmpty());
        });
    return verdict.map(Verdict::code).orElse("none");
  }

  @Test
  void whatIsDirectNeedsNone() {
    assertEquals("none", code(HOST + KNOWN + "path pair=x local=host; ended outcome=direct"));
  }

  @ParameterizedTest
  @CsvSource({
    "policy, relay-only; ",
    "udp-blocked, server server=s use=stun; silent server=s reason=r; ",
    "udp-blocked, server server=s use=stun; server server=turn:s?transport=tcp use=relay;"
        + " answered server=turn:s?transport=tcp mapped=192.0.2.1:9 tookMillis=3; ",
    "own-nat-maps-by-destination, server server=s use=stun; answered server=s from=10.0.0.2"
        + " mapped=192.0.2.1:4000; answered server=t from=10.0.0.2 mapped=192.0.2.1:4001; ",
    "own-nat-maps-by-destination, server server=s use=stun; answered server=s from=10.0.0.2"
        + " mapped=192.0.2.1:4000; candidate type=srflx address=192.0.2.1:4000; check-answered"
        + " pair=y mapped=192.0.2.1:5000; ",
    "peers-nat-maps-by-destination, remote type=srflx address=192.0.2.9:7000; pair pair=z"
        + " local=host remote=prflx_udp_192.0.2.9:7001; ",
    "nats, server server=s use=stun; answered server=s from=10.0.0.2 mapped=192.0.2.1:4000; "
  })
  void whyItIsRelayed(String code, String trace) {
    assertEquals(code, code(HOST + KNOWN + trace + RELAYED));
  }

  @ParameterizedTest
  @CsvSource({
    "stale-description, check-rejected code=401; ",
    "udp-blocked, server server=s use=stun; silent server=s reason=r; ",
    "no-relay, check-sent pair=x; ",
    "one-way, candidate type=relay address=a; check-received flow=x; ",
    "silence, remote type=relay address=a; check-sent pair=x; ",
    "lost, path pair=x local=host; path-lost; "
  })
  void whyNothingAnswered(String code, String trace) {
    assertEquals(code, code(HOST + KNOWN + trace + FAILED));
  }

  @ParameterizedTest
  @CsvSource({
    "policy, policy",
    "nothing-in-common, nothing-in-common",
    "no-candidates, no-local-candidates",
    "no-candidates, no-remote-candidates",
    "peer-gave-up, peer-gave-up"
  })
  void whatTheAgentKnows(String code, String cause) {
    assertEquals(
        code, code(HOST + KNOWN + "failed cause=" + cause + "; ended outcome=unreachable"));
  }

  @Test
  void whatNeverBegan() {
    assertEquals("no-network", code("failed cause=no-local-candidates; ended outcome=unreachable"));
    assertEquals("no-description", code(HOST + "described side=own; ended outcome=unreachable"));
    assertEquals("no-description", code(HOST + "described side=own"));
    assertEquals("cut-off", code(HOST + KNOWN + "check-sent pair=x"));
  }
}
