package dev.culvert.it;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.culvert.it.Chromium.Told;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * An {@code RTCPeerConnection} with nothing but a data channel. The partner speaks no DTLS, so it
 * gets no further than ICE; what it is told for DTLS is made up.
 */
final class ChromiumPeer implements IceParty {
  private static final Set<String> SIGNALS = Set.of("description", "candidate", "end");

  private final Chromium browser;
  private final String id;
  private int next;
  private boolean offered;

  private ChromiumPeer(Chromium browser, String id) {
    this.browser = browser;
    this.id = id;
    this.next = browser.now();
  }

  /**
   * Makes one.
   *
   * @param id no other in this browser has it
   * @param configuration as for {@code RTCPeerConnection}
   * @param offers whether it offers, and so controls
   */
  static ChromiumPeer in(Chromium browser, String id, String configuration, boolean offers)
      throws Exception {
    ChromiumPeer peer = new ChromiumPeer(browser, id);
    browser.run("begin('" + id + "', " + configuration + ")");
    if (offers) {
      peer.offer(false);
    }
    return peer;
  }

  private synchronized void offer(boolean restart) throws Exception {
    offered = true;
    browser.run("offer('" + id + "', " + restart + ")");
  }

  @Override
  public Optional<Signal> next(Duration limit) throws Exception {
    Optional<Integer> at = browser.find(next, id, its -> SIGNALS.contains(its.kind()), limit);
    if (at.isEmpty()) {
      return Optional.empty();
    }
    next = at.get() + 1;
    Told told = browser.told(at.get());
    return Optional.of(
        switch (told.kind()) {
          case "description" -> new Signal.Description(told.value());
          case "candidate" -> new Signal.NewCandidate(told.value());
          default -> new Signal.End();
        });
  }

  @Override
  public synchronized void hear(Signal signal) throws Exception {
    if (signal instanceof Signal.Description description) {
      String type = offered ? "answer" : "offer";
      offered = false;
      browser.run("hear('" + id + "', '" + type + "', " + quoted(whole(description, type)) + ")");
    } else if (signal instanceof Signal.NewCandidate candidate) {
      browser.run("add('" + id + "', " + quoted(candidate.line()) + ")");
    } else {
      browser.run("add('" + id + "', '')");
    }
  }

  /** The lines about ICE within what a browser expects around them (RFC 8841 §9.2). */
  private static String whole(Signal.Description description, String type) {
    String ice =
        description
            .sdp()
            .lines()
            .filter(line -> line.matches("a=(ice-[upo]|candidate:|end-of-candidates).*"))
            .map(line -> line + "\r\n")
            .collect(Collectors.joining());
    return String.join(
            "\r\n",
            List.of(
                "v=0",
                "o=- 1 1 IN IP4 127.0.0.1",
                "s=-",
                "t=0 0" + (description.lite() ? "\r\na=ice-lite" : ""),
                "a=group:BUNDLE 0",
                "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
                "c=IN IP4 0.0.0.0",
                "a=mid:0",
                "a=fingerprint:sha-256 " + "00:".repeat(31) + "01",
                "a=setup:" + (type.equals("offer") ? "actpass" : "passive"),
                "a=sctp-port:5000",
                ""))
        + ice;
  }

  private static String quoted(String text) {
    return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  @Override
  public void restart() throws Exception {
    offer(true);
  }

  /** How much the browser has told by now. */
  int now() {
    return browser.now();
  }

  /** Waits until it tells one of these states of ICE, at or after {@code from}. */
  void awaitState(int from, Set<String> states) throws Exception {
    Optional<Integer> at =
        browser.find(
            from,
            id,
            its ->
                its.kind().equals("error")
                    || (its.kind().equals("state") && states.contains(its.value())),
            Limits.PROMPT);
    if (at.isEmpty() || browser.told(at.get()).kind().equals("error")) {
      throw new AssertionError("not " + states + ": " + browser);
    }
  }

  /**
   * The selected pair.
   *
   * @param words protocol, types of the local and the remote candidate, protocol to the relay or
   *     {@code -}
   * @param received how many datagrams came over it, without STUN
   * @param ufrag of the local candidate, {@code -} if there is no pair
   */
  record Pair(String words, int received, String ufrag) {}

  Pair pair() throws Exception {
    int from = browser.now();
    browser.run("pair('" + id + "')");
    int at =
        browser
            .find(from, id, its -> its.kind().equals("pair"), Limits.PROMPT)
            .orElseThrow(() -> new AssertionError("no pair: " + browser));
    String[] told = browser.told(at).value().split("; ", -1);
    return new Pair(told[0], Integer.parseInt(told[1]), told[2]);
  }

  @Override
  public String toString() {
    return id + " in " + browser;
  }

  @Override
  public void close() throws IOException {
    browser.order("end('" + id + "')");
  }
}
