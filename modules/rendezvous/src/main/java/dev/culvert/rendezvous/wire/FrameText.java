package dev.culvert.rendezvous.wire;

import dev.culvert.sansio.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Messages as text, one JSON object each: {@code t} says what it is, {@code id} stands in requests
 * and {@code re} in what answers them. Unknown members are passed over; everything else that is odd
 * is refused.
 */
public final class FrameText {
  /** The WebSocket subprotocol (RFC 6455 §1.9) that these messages are. */
  public static final String SUBPROTOCOL = "rdv.v1.json";

  /** The longest message, in bytes. */
  public static final int LONGEST = 16 << 10;

  private interface Reader {
    Frame read(Fields in) throws FrameException;
  }

  private static final Map<String, Reader> READERS = new HashMap<>();

  static {
    READERS.put("hello", FrameText::hello);
    READERS.put("auth", FrameText::auth);
    READERS.put("welcome", FrameText::welcome);
    READERS.put(
        "register",
        in ->
            new Frame.Register(in.id("id"), in.signed("record"), in.listOfBytes("namespaces", 32)));
    READERS.put("registered", in -> new Frame.Registered(in.id("re"), in.seconds("validity")));
    READERS.put("unregister", in -> new Frame.Unregister(in.id("id")));
    READERS.put("done", in -> new Frame.Done(in.id("re")));
    READERS.put("lookup", in -> new Frame.Lookup(in.id("id"), in.peer("peer")));
    READERS.put(
        "found", in -> new Frame.Found(in.id("re"), in.signed("record"), in.flag("online")));
    READERS.put("discover", FrameText::discover);
    READERS.put(
        "members",
        in ->
            new Frame.Members(in.id("re"), in.listOfSigned("records"), in.optionalText("cookie")));
    READERS.put("signal", in -> new Frame.Signal(in.id("id"), in.peer("to"), in.bytes("sealed")));
    READERS.put("delivered", in -> new Frame.Delivered(in.id("re")));
    READERS.put("undeliverable", FrameText::undeliverable);
    READERS.put("said", in -> new Frame.Said(in.peer("from"), in.bytes("sealed")));
    READERS.put("block", in -> new Frame.Block(in.id("id"), in.peers("peers")));
    READERS.put("ping", in -> new Frame.Ping(in.id("id")));
    READERS.put("pong", in -> new Frame.Pong(in.id("re")));
    READERS.put("ask-nodes", in -> new Frame.AskNodes(in.id("id")));
    READERS.put("announce", in -> new Frame.Announce(in.id("id"), in.signed("record")));
    READERS.put("nodes", in -> new Frame.Nodes(in.id("re"), in.listOfSigned("records")));
    READERS.put("open-plate", in -> new Frame.OpenPlate(in.id("id"), plate(in)));
    READERS.put("plate", in -> new Frame.Plate(in.id("re"), in.seconds("validity")));
    READERS.put("knock", in -> new Frame.Knock(in.id("id"), plate(in), in.bytes("data")));
    READERS.put("knocked", in -> new Frame.Knocked(in.id("re"), visit(in)));
    READERS.put(
        "plate-say", in -> new Frame.PlateSay(in.id("id"), plate(in), visit(in), in.bytes("data")));
    READERS.put("plate-said", in -> new Frame.PlateSaid(plate(in), visit(in), in.bytes("data")));
    READERS.put("leave-plate", in -> new Frame.LeavePlate(in.id("id"), plate(in), visit(in)));
    READERS.put("plate-left", in -> new Frame.PlateLeft(plate(in), visit(in)));
    READERS.put("ask-relays", in -> new Frame.AskRelays(in.id("id")));
    READERS.put("relays", in -> new Frame.Relays(in.id("re"), relays(in)));
    READERS.put(
        "redirect",
        in -> new Frame.Redirect(in.texts("urls"), in.seconds("within"), in.words("reason")));
    READERS.put("error", FrameText::refusal);
  }

  private FrameText() {}

  /** The message as UTF-8. */
  public static Bytes write(Frame frame) {
    return FrameWriter.write(frame);
  }

  /**
   * Reads a message.
   *
   * @throws FrameException if it is none, with what to answer
   */
  public static Frame read(Bytes message) throws FrameException {
    if (message.length() > LONGEST) {
      throw new FrameException(Frame.Code.TOO_LONG, "a message has at most " + LONGEST + " bytes");
    }
    Fields in = Fields.parse(text(message));
    Reader reader = READERS.get(in.text("t"));
    if (reader == null) {
      throw Fields.malformed("there is no message of that kind");
    }
    return reader.read(in);
  }

  /** The id of a request that {@link #read} refused, if it has one. */
  public static Optional<Long> idOf(Bytes message) {
    try {
      return message.length() > LONGEST
          ? Optional.empty()
          : Optional.of(Fields.parse(text(message)).id("id"));
    } catch (FrameException e) {
      return Optional.empty();
    }
  }

  private static String text(Bytes message) throws FrameException {
    try {
      ByteBuffer bytes = message.asByteBuffer();
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw Fields.malformed("a message is UTF-8");
    }
  }

  private static Frame hello(Fields in) throws FrameException {
    return new Frame.Hello(
        in.peer("node"), in.bytes("nonce", Proof.NONCE), in.time("time"), in.texts("stun"));
  }

  private static Frame auth(Fields in) throws FrameException {
    return new Frame.Auth(
        in.peer("peer"),
        in.bytes("nonce", Proof.NONCE),
        in.text("url"),
        in.bytes("sig", 64),
        in.has("resume") ? Optional.of(in.bytes("resume")) : Optional.empty());
  }

  private static Frame welcome(Fields in) throws FrameException {
    return new Frame.Welcome(
        in.bytes("sig", 64),
        in.address("observed"),
        in.seconds("quiet"),
        allowance(in.object("limits")),
        in.bytes("resume"),
        relays(in));
  }

  private static Frame.Allowance allowance(Fields in) throws FrameException {
    return new Frame.Allowance(
        (int) in.number("requests", 1, Integer.MAX_VALUE),
        (int) in.number("signals", 1, Integer.MAX_VALUE),
        (int) in.number("namespaces", 1, Integer.MAX_VALUE));
  }

  private static List<Frame.RelayOffer> relays(Fields in) throws FrameException {
    List<Frame.RelayOffer> relays = new ArrayList<>();
    for (Fields each : in.objects("relays")) {
      relays.add(
          new Frame.RelayOffer(
              each.text("uri"), each.text("user"), each.text("password"), each.time("expiry")));
    }
    return relays;
  }

  private static Frame discover(Fields in) throws FrameException {
    return new Frame.Discover(
        in.id("id"),
        in.bytes("namespace", 32),
        in.optionalText("cookie"),
        (int) in.number("limit", 1, 50));
  }

  private static int plate(Fields in) throws FrameException {
    return (int) in.number("number", 1, Frame.HIGHEST_PLATE);
  }

  private static int visit(Fields in) throws FrameException {
    return (int) in.number("visit", 0, Integer.MAX_VALUE);
  }

  private static Frame undeliverable(Fields in) throws FrameException {
    String word = in.text("reason");
    for (Frame.Reason reason : Frame.Reason.values()) {
      if (FrameWriter.word(reason).equals(word)) {
        return new Frame.Undeliverable(in.id("re"), reason);
      }
    }
    throw Fields.malformed("there is no reason of that kind");
  }

  private static Frame refusal(Fields in) throws FrameException {
    return new Frame.Refusal(
        in.has("re") ? Optional.of(in.id("re")) : Optional.empty(),
        Frame.Code.of((int) in.number("code", 100, 599)),
        in.words("reason"),
        in.optionalSeconds("retry"));
  }
}
