package dev.culvert.transport.mdns;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Shows those who ask what is answered on their link. Confined to its loop. */
final class Listeners extends SimpleChannelInboundHandler<DatagramDnsResponse> {
  private final Set<Consumer<List<HostRecord>>> listeners = new LinkedHashSet<>();

  private final Set<Consumer<DatagramDnsResponse>> whole = new LinkedHashSet<>();

  Listeners() {
    super(DatagramDnsResponse.class);
  }

  void add(Consumer<List<HostRecord>> listener) {
    listeners.add(listener);
  }

  void remove(Consumer<List<HostRecord>> listener) {
    listeners.remove(listener);
  }

  /** Shows whole messages; they are gone once it returns. */
  void addWhole(Consumer<DatagramDnsResponse> listener) {
    whole.add(listener);
  }

  void removeWhole(Consumer<DatagramDnsResponse> listener) {
    whole.remove(listener);
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, DatagramDnsResponse response) {
    List.copyOf(whole).forEach(listener -> listener.accept(response));
    if (!listeners.isEmpty()) {
      List<HostRecord> records = new ArrayList<>(HostRecord.of(response, DnsSection.ANSWER));
      records.addAll(HostRecord.of(response, DnsSection.ADDITIONAL));
      List.copyOf(listeners).forEach(listener -> listener.accept(records));
    }
  }
}
