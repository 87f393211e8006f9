package dev.culvert.it;

import dev.culvert.sansio.Bytes;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunCodec;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.UnknownAttribute;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Random;

/** Bytes without sense, and messages with sense in the header alone, over UDP, TCP and TLS. */
final class Garbage implements Attack {
  private static final int DATAGRAMS = 3000;
  private static final int CONNECTIONS = 100;

  /** Always the same garbage. */
  private final Random random = new Random(8656);

  @Override
  public void on(Target relay) throws Exception {
    try (RawTurn client = relay.udp()) {
      client.allocate();
      for (int i = 0; i < DATAGRAMS; i++) {
        client.send(i % 2 == 0 ? bytes() : message());
      }
    }
    for (int i = 0; i < CONNECTIONS; i++) {
      talk(relay.plain(), i % 2 == 0 ? bytes() : message());
      talk(relay.tls(), bytes());
    }
  }

  private Bytes bytes() {
    byte[] bytes = new byte[random.nextInt(1400)];
    random.nextBytes(bytes);
    if (bytes.length > 0 && random.nextBoolean()) {
      // As STUN and ChannelData begin.
      bytes[0] &= 0x4f;
    }
    return Bytes.wrap(bytes);
  }

  private Bytes message() {
    Attribute[] attributes = new Attribute[random.nextInt(8)];
    for (int i = 0; i < attributes.length; i++) {
      byte[] value = new byte[random.nextInt(40)];
      random.nextBytes(value);
      // The types that are spoken here are below 0x40 and above 0x8000.
      int type = random.nextInt(0x40) | (random.nextInt(4) == 0 ? 0x8000 : 0);
      attributes[i] = new UnknownAttribute(type, Bytes.wrap(value));
    }
    Method method = new Method(random.nextInt(14));
    return StunCodec.encode(
        random.nextBoolean()
            ? StunMessage.request(method, RawTurn.id(), attributes)
            : StunMessage.indication(method, RawTurn.id(), attributes));
  }

  private static void talk(InetSocketAddress to, Bytes bytes) {
    try (Socket socket = new Socket(to.getAddress(), to.getPort())) {
      socket.getOutputStream().write(bytes.toByteArray());
    } catch (IOException e) {
      // That it hangs up on garbage is its right.
    }
  }
}
