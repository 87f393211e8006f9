package dev.culvert.lab.spec;

/** Reads {@link NatOptions} from {@code refresh=both}, one at a time. */
final class OptionsText {
  private OptionsText() {}

  static NatOptions modify(NatOptions options, String key, String value) {
    OutsidePool pool = options.pool();
    PacketHandling packets = options.packets();
    TcpBehaviour tcp = options.tcp();
    return switch (key) {
      case "refresh" ->
          options.withRefresh(BehaviourText.one(Refresh.values(), Refresh::code, "refresh", value));
      case "addresses" ->
          options.withPool(pool.withAddresses(BehaviourText.number("addresses", value)));
      case "pooling" ->
          options.withPool(
              pool.withPooling(
                  BehaviourText.one(Pooling.values(), Pooling::code, "pooling", value)));
      case "neighbours" -> options.withPool(pool.withNeighbours(perSecond(value)));
      case "fragments" ->
          options.withPackets(packets.withFragmentsDropped(choice(value, "drop", "pass")));
      case "rewrites" -> options.withPackets(packets.withRewriting(true));
      case "blackhole" -> options.withPackets(packets.withBlackHole(true));
      case "syn" ->
          options.withTcp(
              tcp.withUnsolicited(
                  BehaviourText.one(UnsolicitedSyn.values(), UnsolicitedSyn::code, "syn", value)));
      case "established" -> options.withTcp(tcp.withEstablished(BehaviourText.timeout(value)));
      case "transitory" -> options.withTcp(tcp.withTransitory(BehaviourText.timeout(value)));
      case "nat64" -> options.withNat64(true);
      default ->
          throw new IllegalArgumentException(
              "'+"
                  + key
                  + "' is none of +hairpin, +answers, +timeout=30s, +refresh=both, +mapping=eim,"
                  + " +filtering=adf, +ports=random, +ports=40000-40999, +parity, +block=64,"
                  + " +addresses=3, +pooling=arbitrary, +neighbours=10/s, +ipv6=none, +nat64,"
                  + " +traffic=no-udp, +fragments=drop, +rewrites, +blackhole, +syn=rst,"
                  + " +established=7440s, +transitory=240s");
    };
  }

  private static int perSecond(String text) {
    if (!text.endsWith("/s")) {
      throw new IllegalArgumentException("'" + text + "' is not a rate like 10/s");
    }
    return BehaviourText.number("mappings a second", text.substring(0, text.length() - 2));
  }

  private static boolean choice(String text, String yes, String no) {
    if (!text.equals(yes) && !text.equals(no)) {
      throw new IllegalArgumentException("'" + text + "' is none of " + yes + ", " + no);
    }
    return text.equals(yes);
  }
}
