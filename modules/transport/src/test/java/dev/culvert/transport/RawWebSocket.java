package dev.culvert.transport;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.TransportAddress;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;

/** Either end of a WebSocket on a plain socket, which says whatever a test wants. */
public final class RawWebSocket implements AutoCloseable {
  /** Opcodes of RFC 6455 §5.2. */
  public static final int CONTINUATION = 0;

  public static final int TEXT = 1;
  public static final int BINARY = 2;
  public static final int CLOSE = 8;
  public static final int PING = 9;
  public static final int PONG = 10;

  private static final int PATIENCE_MILLIS = 60_000;
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  /** A frame as it came. */
  public record Frame(boolean last, int opcode, boolean masked, Bytes payload) {
    /** The payload of text. */
    public String text() {
      return payload.utf8();
    }

    /** The status of a close frame. */
    public int status() {
      return payload.uint16(0);
    }
  }

  /** On a connection that stands. */
  public RawWebSocket(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /** Connects and says nothing. */
  public static RawWebSocket connect(TransportAddress server) throws IOException {
    return new RawWebSocket(new Socket(server.ip(), server.port()));
  }

  /** Connects and asks for a WebSocket, which has to be granted. */
  public static RawWebSocket open(TransportAddress server, String path, String subprotocol)
      throws IOException {
    RawWebSocket made = connect(server);
    made.write(request(path, subprotocol));
    String answer = made.head();
    if (!answer.startsWith("HTTP/1.1 101 ")
        || !answer
            .toLowerCase(Locale.ROOT)
            .contains("\r\nsec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n")) {
      throw new AssertionError(answer);
    }
    return made;
  }

  /** The request of the example in RFC 6455 §1.3. */
  public static String request(String path, String subprotocol) {
    return "GET "
        + path
        + " HTTP/1.1\r\nHost: server.example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: "
        + KEY
        + "\r\nSec-WebSocket-Protocol: chat, "
        + subprotocol
        + "\r\nSec-WebSocket-Version: 13\r\n\r\n";
  }

  /** Answers a client's request; returns what it asked. */
  public String accept(String subprotocol) throws IOException {
    String request = head();
    String key =
        request
            .lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:"))
            .map(line -> line.substring(line.indexOf(':') + 1).trim())
            .findFirst()
            .orElseThrow();
    write(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + acceptOf(key)
            + "\r\nSec-WebSocket-Protocol: "
            + subprotocol
            + "\r\n\r\n");
    return request;
  }

  private static String acceptOf(String key) {
    try {
      byte[] all =
          (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(all));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Writes what it is given. */
  public void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /** Reads until an empty line. */
  public String head() throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("ended after " + head);
      }
      head.append((char) next);
    }
    return head.toString();
  }

  /** A frame as a client sends it: masked. */
  public void send(boolean last, int opcode, String payload) throws IOException {
    send(last, opcode, true, payload.getBytes(StandardCharsets.UTF_8));
  }

  /** Any frame. */
  public void send(boolean last, int opcode, boolean masked, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write((last ? 0x80 : 0) | opcode);
    int mask = masked ? 0x80 : 0;
    if (payload.length < 126) {
      frame.write(mask | payload.length);
    } else if (payload.length < 1 << 16) {
      frame.write(mask | 126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    } else {
      frame.write(mask | 127);
      frame.write(new byte[4]);
      for (int shift = 24; shift >= 0; shift -= 8) {
        frame.write(payload.length >> shift);
      }
    }
    byte[] key = {0x37, (byte) 0xfa, 0x21, 0x3d};
    if (masked) {
      frame.write(key);
    }
    for (int i = 0; i < payload.length; i++) {
      frame.write(masked ? payload[i] ^ key[i % 4] : payload[i]);
    }
    out.write(frame.toByteArray());
    out.flush();
  }

  /** The next frame. */
  public Frame next() throws IOException {
    int first = in.readUnsignedByte();
    int second = in.readUnsignedByte();
    int length = second & 0x7f;
    if (length == 126) {
      length = in.readUnsignedShort();
    } else if (length == 127) {
      length = Math.toIntExact(in.readLong());
    }
    byte[] key = new byte[4];
    boolean masked = (second & 0x80) != 0;
    if (masked) {
      in.readFully(key);
    }
    byte[] payload = new byte[length];
    in.readFully(payload);
    for (int i = 0; i < length; i++) {
      payload[i] ^= key[i % 4];
    }
    return new Frame((first & 0x80) != 0, first & 0x0f, masked, Bytes.wrap(payload));
  }

  /** Whether the other side closes the connection now. */
  public boolean isEnd() throws IOException {
    return in.read() < 0;
  }

  /** The socket itself. */
  public Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
