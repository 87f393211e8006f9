package dev.culvert.turn.server;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The clients with an allocation on one of the server's UDP sockets. */
public interface ClientTable {
  /** The client at an address and port; null: it has no allocation. */
  @Nullable Client find(InetSocketAddress client);
}
