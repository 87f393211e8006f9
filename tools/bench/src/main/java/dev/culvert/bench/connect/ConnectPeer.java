package dev.culvert.bench.connect;

import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerKey;
import dev.culvert.peer.PeerConnection;
import dev.culvert.peer.PeerEvent;
import dev.culvert.peer.PeerNode;
import dev.culvert.peer.PeerNodeConfig;
import dev.culvert.peer.PeerStream;
import dev.culvert.rendezvous.KnownNode;
import dev.culvert.rendezvous.NodeSource;
import dev.culvert.rendezvous.call.AcceptPolicy;
import dev.culvert.rendezvous.client.AttachmentEvent;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.session.LocalAddress;
import dev.culvert.session.SessionConfig;
import dev.culvert.session.meet.MeetConfig;
import dev.culvert.transport.NetworkRuntime;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/**
 * One side of connections, one after the other, each of a peer with a key and sockets of its own.
 *
 * <p>Started by {@code tools/bench/connect-speed} with the address of this host and the text of a
 * node. Takes commands on standard input and tells on standard output, a line each; times are of
 * the system's monotonic clock, in nanoseconds. {@code join} starts a peer, which tells {@code
 * joined} and its id once a node knows it; {@code call ID} connects, and {@code close} ends the
 * peer. As soon as it has a connection either side opens a stream and sends a byte; {@code heard}
 * is told with the first byte of the other, {@code direct} with a direct path and the plan that
 * opened it.
 */
public final class ConnectPeer {
  private static final NetworkRuntime RUNTIME = NetworkRuntime.create();

  private final String address;
  private final List<KnownNode> nodes;
  private Optional<PeerNode> peer = Optional.empty();

  private ConnectPeer(String address, KnownNode node) {
    this.address = address;
    this.nodes = List.of(node);
  }

  /** Runs until standard input ends. */
  public static void main(String[] arguments) throws Exception {
    ConnectPeer side =
        new ConnectPeer(arguments[0], KnownNode.parse(arguments[1], NodeSource.CONFIGURED));
    tell("ready", "");
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", 2);
      switch (words[0]) {
        case "join" -> side.join();
        case "call" -> side.call(PeerId.parse(words[1]));
        case "close" -> side.close();
        default -> throw new IllegalArgumentException(line);
      }
    }
    System.exit(0);
  }

  private static synchronized void tell(String what, String more) {
    System.out.println(what + " " + System.nanoTime() + " " + more);
  }

  private void join() {
    PeerKey key = PeerKey.generate(new SecureRandom());
    LocalAddress own = new LocalAddress("eth0", IpLiterals.parse(address).orElseThrow());
    PeerNodeConfig config =
        PeerNodeConfig.of(
                key, nodes, MeetConfig.of(SessionConfig.of(List.of(own)), AcceptPolicy.open()))
            .watching(
                event -> {
                  if (event instanceof AttachmentEvent.Attached) {
                    tell("joined", key.id().toString());
                  }
                });
    PeerNode fresh = PeerNode.start(RUNTIME, config);
    fresh.listen(ConnectPeer::stands);
    peer = Optional.of(fresh);
  }

  private void call(PeerId whom) {
    PeerNode own = peer.orElseThrow();
    tell("called", "");
    var unused =
        own.connect(whom)
            .whenComplete(
                (connection, fault) -> {
                  if (connection == null) {
                    tell("failed", String.valueOf(fault.getMessage()));
                  } else {
                    stands(connection);
                  }
                });
  }

  private static void stands(PeerConnection connection) {
    connection.onEvent(
        event -> {
          if (event instanceof PeerEvent.PathChanged changed) {
            tell(
                changed.now().relayed() ? "relayed" : "direct", changed.now().plan().orElse("ice"));
          } else if (event instanceof PeerEvent.StaysRelayed stays) {
            tell("stays", stays.reason());
          }
        });
    connection.onStream(stream -> stream.channel().pipeline().addLast(new Ear()).channel().read());
    var unused = connection.open().thenAccept(ConnectPeer::greet);
  }

  private static void greet(PeerStream stream) {
    Channel channel = stream.channel();
    ChannelFuture unused = channel.writeAndFlush(channel.alloc().buffer(1).writeByte(1));
  }

  private void close() {
    peer.ifPresent(PeerNode::close);
    peer = Optional.empty();
    tell("closed", "");
  }

  private static final class Ear extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
      tell("heard", "");
    }
  }
}
