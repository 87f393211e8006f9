package dev.culvert.lab.spec;

/**
 * What most NATs have in common and some do otherwise.
 *
 * @param refresh which packets keep a UDP mapping alive (RFC 4787 REQ-6)
 * @param pool what it has outside
 * @param packets what it does to packets that it had better leave alone
 * @param tcp what it does to TCP (RFC 5382)
 * @param nat64 whether inside there is IPv6 alone, translated to IPv4 where it goes to 64:ff9b::/96
 *     (RFC 6146, RFC 6052)
 */
public record NatOptions(
    Refresh refresh, OutsidePool pool, PacketHandling packets, TcpBehaviour tcp, boolean nat64) {

  /** What a NAT does unless told otherwise. */
  public static final NatOptions USUAL =
      new NatOptions(
          Refresh.OUTBOUND, OutsidePool.ONE, PacketHandling.CLEAN, TcpBehaviour.USUAL, false);

  /** The same with mappings kept alive by other packets. */
  public NatOptions withRefresh(Refresh value) {
    return new NatOptions(value, pool, packets, tcp, nat64);
  }

  /** The same with another pool. */
  public NatOptions withPool(OutsidePool value) {
    return new NatOptions(refresh, value, packets, tcp, nat64);
  }

  /** The same with other treatment of packets. */
  public NatOptions withPackets(PacketHandling value) {
    return new NatOptions(refresh, pool, value, tcp, nat64);
  }

  /** The same with other treatment of TCP. */
  public NatOptions withTcp(TcpBehaviour value) {
    return new NatOptions(refresh, pool, packets, value, nat64);
  }

  /** The same as a NAT64 or not. */
  public NatOptions withNat64(boolean value) {
    return new NatOptions(refresh, pool, packets, tcp, value);
  }

  /** For people, with a leading comma; empty for {@link #USUAL}. */
  String words() {
    return (nat64 ? ", NAT64" : "")
        + (refresh == Refresh.OUTBOUND ? "" : ", refreshed " + refresh.code())
        + pool.words()
        + packets.words()
        + tcp.words();
  }
}
