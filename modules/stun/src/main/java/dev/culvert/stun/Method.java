package dev.culvert.stun;

import java.util.HexFormat;
import java.util.Map;

/**
 * What a message is about (RFC 8489 §5; IANA, "STUN Methods").
 *
 * @param value 0 to 0xfff
 */
public record Method(int value) {
  /** Binding (RFC 8489). */
  public static final Method BINDING = new Method(0x001);

  /** SharedSecret, only in RFC 3489. */
  public static final Method SHARED_SECRET = new Method(0x002);

  /** Allocate (RFC 8656). */
  public static final Method ALLOCATE = new Method(0x003);

  /** Refresh (RFC 8656). */
  public static final Method REFRESH = new Method(0x004);

  /** Send (RFC 8656), indications only. */
  public static final Method SEND = new Method(0x006);

  /** Data (RFC 8656), indications only. */
  public static final Method DATA = new Method(0x007);

  /** CreatePermission (RFC 8656). */
  public static final Method CREATE_PERMISSION = new Method(0x008);

  /** ChannelBind (RFC 8656). */
  public static final Method CHANNEL_BIND = new Method(0x009);

  /** Connect (RFC 6062). */
  public static final Method CONNECT = new Method(0x00a);

  /** ConnectionBind (RFC 6062). */
  public static final Method CONNECTION_BIND = new Method(0x00b);

  /** ConnectionAttempt (RFC 6062), indications only. */
  public static final Method CONNECTION_ATTEMPT = new Method(0x00c);

  /** GOOG-PING, registered by Google. */
  public static final Method GOOG_PING = new Method(0x080);

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(0x001, "Binding"),
          Map.entry(0x002, "SharedSecret"),
          Map.entry(0x003, "Allocate"),
          Map.entry(0x004, "Refresh"),
          Map.entry(0x006, "Send"),
          Map.entry(0x007, "Data"),
          Map.entry(0x008, "CreatePermission"),
          Map.entry(0x009, "ChannelBind"),
          Map.entry(0x00a, "Connect"),
          Map.entry(0x00b, "ConnectionBind"),
          Map.entry(0x00c, "ConnectionAttempt"),
          Map.entry(0x080, "GOOG-PING"));

  /** Refuses what 12 bits cannot carry. */
  public Method {
    if (value < 0 || value > 0xfff) {
      throw new IllegalArgumentException("a method is 0 to 0xfff, not " + value);
    }
  }

  /** The registered name, or the number in hexadecimal. */
  @Override
  public String toString() {
    String name = NAMES.get(value);
    return name == null ? "0x" + HexFormat.of().toHexDigits(value, 3) : name;
  }
}
