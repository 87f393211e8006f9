package dev.culvert.transport;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager that started this process how it fares, as sd_notify(3) does. Safe for
 * every thread; blocks for no longer than the kernel takes one datagram.
 */
public final class ServiceNotice {
  /** The process does what it is for. */
  public static final String READY = "READY=1";

  /** The process is about to end. */
  public static final String STOPPING = "STOPPING=1";

  private static final Logger LOG = LoggerFactory.getLogger(ServiceNotice.class);

  private ServiceNotice() {}

  /**
   * Sends {@code notice} to the Unix datagram socket that {@code NOTIFY_SOCKET} named, an absolute
   * path or {@code @} and an abstract name. A manager that does not listen is no fault of the
   * service, so that is logged only.
   *
   * @return whether it was sent; never where the system has no such sockets
   */
  public static boolean send(String socket, String notice) {
    boolean linux = System.getProperty("os.name", "").startsWith("Linux");
    if (!linux || !EpollPlatform.isAvailable()) {
      return false;
    }
    String path = socket.startsWith("@") ? '\0' + socket.substring(1) : socket;
    byte[] bytes = notice.getBytes(StandardCharsets.UTF_8);
    ByteBuffer datagram = ByteBuffer.allocateDirect(bytes.length).put(bytes);
    Socket sender = Socket.newSocketDomainDgram();
    try {
      int sent =
          sender.sendToDomainSocket(
              datagram, 0, bytes.length, path.getBytes(StandardCharsets.UTF_8));
      return sent == bytes.length;
    } catch (IOException e) {
      LOG.warn("the service manager cannot be told {}: {}", notice, e.toString());
      return false;
    } finally {
      close(sender);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("a socket does not close", e);
    }
  }
}
