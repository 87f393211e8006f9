package dev.culvert.transport.view;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;

/** What carries the datagrams of a view; {@link #batch} and what it sends run on its loop only. */
public interface ViewPath {

  /** Where everything happens. */
  EventLoop loop();

  /** This side, as views show it; the same for the life of the view, or told to be another. */
  InetSocketAddress localAddress();

  /** The most bytes that a datagram may have. */
  int largest();

  /** Runs what sends some datagrams, also where none can be sent, then has them leave. */
  void batch(Runnable sends);
}
