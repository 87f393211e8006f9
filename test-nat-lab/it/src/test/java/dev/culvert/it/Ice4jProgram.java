package dev.culvert.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.ice.Agent;
import org.ice4j.ice.CandidatePair;
import org.ice4j.ice.CandidateType;
import org.ice4j.ice.Component;
import org.ice4j.ice.IceMediaStream;
import org.ice4j.ice.IceProcessingState;
import org.ice4j.ice.KeepAliveStrategy;
import org.ice4j.ice.LocalCandidate;
import org.ice4j.ice.RelayedCandidate;
import org.ice4j.ice.RemoteCandidate;
import org.ice4j.ice.harvest.TurnCandidateHarvester;
import org.ice4j.security.LongTermCredential;

/**
 * An agent of ice4j that tells nobody but of its relayed address. Arguments: the relay's address
 * and port, a user and a password, then
 *
 * <ul>
 *   <li>{@code controlling} or {@code controlled}: it writes {@code credentials UFRAG PASSWORD},
 *       {@code relayed IP PORT PRIORITY} and {@code gathered}, reads the same of its partner, and
 *       tells {@code selected LOCAL REMOTE} and {@code received N wrong M};
 *   <li>{@code storm IP}: it sends data to somebody whom the relay refuses, which makes it ask for
 *       the permission again and again, and writes {@code storming}; it never ends by itself.
 * </ul>
 */
final class Ice4jProgram {
  static final int DATAGRAMS = 200;

  private static final int LENGTH = 1200;
  private static final int GAP_MILLIS = 5;
  private static final Logger ROOT = Logger.getLogger("");

  private final Agent agent = new Agent();
  private final IceMediaStream stream = agent.createMediaStream("data");
  private final CountDownLatch established = new CountDownLatch(1);

  private Ice4jProgram() {}

  public static void main(String[] arguments) throws Exception {
    ROOT.setLevel(Level.OFF);
    if (!"false".equals(System.getProperty("ice4j.harvest.mapping.aws.enabled"))) {
      throw new IllegalStateException("ice4j would ask the cloud where it is");
    }
    TransportAddress relay =
        new TransportAddress(arguments[0], Integer.parseInt(arguments[1]), Transport.UDP);
    LongTermCredential credential = new LongTermCredential(arguments[2], arguments[3]);
    Ice4jProgram program = new Ice4jProgram();
    RelayedCandidate candidate = program.gather(relay, credential);
    if (arguments[4].equals("storm")) {
      program.storm(candidate, arguments[5]);
    } else {
      program.talk(candidate, arguments[4].equals("controlling"));
    }
    System.exit(0);
  }

  private RelayedCandidate gather(TransportAddress relay, LongTermCredential credential)
      throws IOException {
    agent.addCandidateHarvester(new TurnCandidateHarvester(relay, credential));
    // A NAT would still know another program's port, and the relay its allocation.
    int port = freePort();
    Component component =
        agent.createComponent(stream, port, port, 65535, KeepAliveStrategy.SELECTED_ONLY, true);
    List<RelayedCandidate> relayed =
        component.getLocalCandidates().stream()
            .filter(RelayedCandidate.class::isInstance)
            .map(RelayedCandidate.class::cast)
            .toList();
    if (relayed.isEmpty()) {
      throw new IllegalStateException("no relayed candidate; there are " + component);
    }
    return relayed.get(0);
  }

  private static int freePort() throws IOException {
    try (DatagramSocket any = new DatagramSocket()) {
      return any.getLocalPort();
    }
  }

  private void talk(LocalCandidate candidate, boolean controlling) throws Exception {
    agent.setControlling(controlling);
    agent.addStateChangeListener(
        change -> {
          if (change.getNewValue() == IceProcessingState.COMPLETED) {
            established.countDown();
          }
        });
    say("credentials " + agent.getLocalUfrag() + " " + agent.getLocalPassword());
    TransportAddress own = candidate.getTransportAddress();
    say("relayed " + own.getHostAddress() + " " + own.getPort() + " " + candidate.getPriority());
    say("gathered");
    listen();
    agent.startConnectivityEstablishment();
    if (!established.await(30, TimeUnit.SECONDS)) {
      say("failed " + agent.getState());
      return;
    }
    CandidatePair pair = component().getSelectedPair();
    say(
        "selected "
            + pair.getLocalCandidate().getType()
            + " "
            + pair.getRemoteCandidate().getType());
    Thread sending = new Thread(this::send, "sending");
    sending.start();
    receive(component().getSocket());
    sending.join();
    // The partner may still want what is on its way.
    Thread.sleep(500);
    agent.free();
  }

  private Component component() {
    return stream.getComponent(Component.RTP);
  }

  private void listen() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); !"gathered".equals(line); line = in.readLine()) {
      String[] words = String.valueOf(line).split(" ", -1);
      if (words[0].equals("credentials")) {
        stream.setRemoteUfrag(words[1]);
        stream.setRemotePassword(words[2]);
      } else if (words[0].equals("relayed")) {
        component()
            .addRemoteCandidate(
                new RemoteCandidate(
                    new TransportAddress(words[1], Integer.parseInt(words[2]), Transport.UDP),
                    component(),
                    CandidateType.RELAYED_CANDIDATE,
                    "1",
                    Long.parseLong(words[3]),
                    null));
      } else {
        throw new IOException("not understood: " + line);
      }
    }
  }

  private void send() {
    try {
      for (int i = 0; i < DATAGRAMS; i++) {
        byte[] datagram = datagram(i);
        component().send(datagram, 0, datagram.length);
        Thread.sleep(GAP_MILLIS);
      }
    } catch (IOException | InterruptedException e) {
      say("failed " + e);
    }
  }

  private static byte[] datagram(int number) {
    ByteBuffer datagram = ByteBuffer.allocate(LENGTH);
    while (datagram.hasRemaining()) {
      datagram.putInt(number);
    }
    return datagram.array();
  }

  private static void receive(DatagramSocket socket) throws IOException {
    BitSet seen = new BitSet();
    int wrong = 0;
    while (seen.cardinality() < DATAGRAMS) {
      DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
      socket.receive(packet);
      ByteBuffer got = ByteBuffer.wrap(packet.getData(), packet.getOffset(), packet.getLength());
      int number = got.remaining() == LENGTH ? got.getInt(got.position()) : -1;
      boolean good =
          number >= 0
              && number < DATAGRAMS
              && !seen.get(number)
              && got.equals(ByteBuffer.wrap(datagram(number)));
      if (good) {
        seen.set(number);
      } else {
        wrong++;
      }
    }
    say("received " + seen.cardinality() + " wrong " + wrong);
  }

  private void storm(RelayedCandidate candidate, String refused) throws Exception {
    DatagramSocket socket = candidate.getCandidateIceSocketWrapper().getUDPSocket();
    TransportAddress peer = new TransportAddress(refused, 4242, Transport.UDP);
    socket.send(new DatagramPacket(new byte[100], 100, peer.getAddress(), peer.getPort()));
    say("storming");
    Thread.sleep(TimeUnit.MINUTES.toMillis(2));
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
