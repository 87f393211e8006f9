package dev.culvert.peer;

import dev.culvert.sansio.Flow;
import dev.culvert.transport.DatagramLane;
import dev.culvert.transport.DatagramSink;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;

/** What comes on one proven flow, taken before the session sees it. */
final class Inlet implements DatagramSink {
  private final DataPath path;
  private final Flow flow;
  private final DatagramLane lane;
  private final InetSocketAddress from;
  private boolean heard;

  Inlet(DataPath path, Flow flow, DatagramLane lane) {
    this.path = path;
    this.flow = flow;
    this.lane = lane;
    this.from = flow.remote().toSocketAddress();
    lane.divert(from, this);
  }

  Flow flow() {
    return flow;
  }

  /** Whether anything came since this was asked last. */
  boolean takeHeard() {
    boolean before = heard;
    heard = false;
    return before;
  }

  void close() {
    lane.restore(from, this);
  }

  @Override
  public void datagram(ByteBuf data) {
    heard = true;
    path.heardOn(this);
    path.deliver(flow, data);
  }

  @Override
  public void readComplete() {
    path.readComplete();
  }

  @Override
  public void writabilityChanged() {
    path.changed();
  }
}
