package dev.culvert.transport;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A name server on loopback that says what it is told to, over UDP and TCP. */
final class LittleDnsServer implements AutoCloseable {
  static final int A = 1;
  static final int CNAME = 5;
  static final int AAAA = 28;
  static final int SRV = 33;
  static final int NXDOMAIN = 3;
  static final int SERVFAIL = 2;

  /** One record of the answer section. */
  record Answered(String owner, int type, Bytes data) {}

  /** All that is said to one question. */
  record Reply(int code, List<Answered> records, boolean cut, int drops) {
    static Reply of(Answered... records) {
      return new Reply(0, List.of(records), false, 0);
    }

    static Reply code(int code) {
      return new Reply(code, List.of(), false, 0);
    }

    Reply overTcpOnly() {
      return new Reply(code, records, true, drops);
    }

    Reply afterDrops(int count) {
      return new Reply(code, records, cut, count);
    }
  }

  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final Map<String, Reply> replies = new ConcurrentHashMap<>();
  private final List<String> questions = new CopyOnWriteArrayList<>();

  LittleDnsServer() throws IOException {
    this(Sockets.open());
  }

  private LittleDnsServer(Sockets sockets) {
    udp = sockets.udp;
    tcp = sockets.tcp;
    start(this::serveUdp);
    start(this::serveTcp);
  }

  /** One port of both kinds: one that is free for the one may be taken for the other. */
  private record Sockets(DatagramSocket udp, ServerSocket tcp) {
    static Sockets open() throws IOException {
      for (int attempt = 1; ; attempt++) {
        ServerSocket tcp = new ServerSocket(0, 5, Loopback.ip("127.0.0.1"));
        try {
          return new Sockets(new DatagramSocket(tcp.getLocalPort(), Loopback.ip("127.0.0.1")), tcp);
        } catch (BindException taken) {
          tcp.close();
          if (attempt == 20) {
            throw taken;
          }
        }
      }
    }
  }

  private static void start(Runnable loop) {
    Thread thread = new Thread(loop, "little-dns");
    thread.setDaemon(true);
    thread.start();
  }

  TransportAddress address() {
    return new TransportAddress(udp.getLocalAddress(), udp.getLocalPort());
  }

  void says(String name, int type, Reply reply) {
    replies.put(name + " " + type, reply);
  }

  /** Every question so far as {@code name type transport}. */
  List<String> questions() {
    return List.copyOf(questions);
  }

  static Answered a(String owner, String ip) {
    byte[] address = Loopback.ip(ip).getAddress();
    return new Answered(owner, address.length == 4 ? A : AAAA, Bytes.wrap(address));
  }

  static Answered cname(String owner, String target) {
    return new Answered(owner, CNAME, Bytes.wrap(name(target)));
  }

  static Answered srv(String owner, int priority, int weight, int port, String target) {
    byte[] host = name(target);
    ByteBuffer data = ByteBuffer.allocate(6 + host.length);
    data.putShort((short) priority).putShort((short) weight).putShort((short) port).put(host);
    return new Answered(owner, SRV, Bytes.wrap(data.array()));
  }

  private static byte[] name(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String label : text.equals(".") ? List.<String>of() : List.of(text.split("\\.", -1))) {
      out.write(label.length());
      out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
    }
    out.write(0);
    return out.toByteArray();
  }

  private void serveUdp() {
    byte[] buffer = new byte[2000];
    while (!udp.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        udp.receive(packet);
        byte[] answer = answer(Arrays.copyOf(buffer, packet.getLength()), true);
        if (answer.length > 0) {
          udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serveTcp() {
    while (!tcp.isClosed()) {
      try (Socket socket = tcp.accept();
          DataInputStream in = new DataInputStream(socket.getInputStream());
          DataOutputStream out = new DataOutputStream(socket.getOutputStream())) {
        byte[] query = new byte[in.readUnsignedShort()];
        in.readFully(query);
        byte[] answer = answer(query, false);
        out.writeShort(answer.length);
        out.write(answer);
      } catch (IOException e) {
        questions.add("broken tcp");
      }
    }
  }

  private byte[] answer(byte[] query, boolean overUdp) {
    int end = 12;
    List<String> labels = new ArrayList<>();
    while (query[end] != 0) {
      labels.add(new String(query, end + 1, query[end], StandardCharsets.US_ASCII));
      end += query[end] + 1;
    }
    end += 5;
    int type = ByteBuffer.wrap(query).getShort(end - 4);
    String key = String.join(".", labels).toLowerCase(Locale.ROOT) + " " + type;
    questions.add(key + (overUdp ? " udp" : " tcp"));
    Reply reply = replies.getOrDefault(key, Reply.code(NXDOMAIN));
    if (reply.drops() > 0) {
      replies.put(key, reply.afterDrops(reply.drops() - 1));
      return new byte[0];
    }
    boolean cut = reply.cut() && overUdp;
    ByteBuffer out = ByteBuffer.allocate(2000);
    out.putShort(ByteBuffer.wrap(query).getShort(0));
    out.putShort((short) (0x8180 | (cut ? 0x0200 : 0) | reply.code()));
    out.putShort((short) 1).putShort((short) (cut ? 0 : reply.records().size()));
    out.putShort((short) 0).putShort((short) 0);
    out.put(query, 12, end - 12);
    for (Answered record : cut ? List.<Answered>of() : reply.records()) {
      out.put(name(record.owner())).putShort((short) record.type()).putShort((short) 1);
      out.putInt(60).putShort((short) record.data().length()).put(record.data().asByteBuffer());
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  @Override
  public void close() throws IOException {
    udp.close();
    tcp.close();
  }
}
