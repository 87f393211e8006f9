package dev.culvert.transport.http;

import dev.culvert.sansio.TransportAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client that sends what it is told, byte for byte, and reads answers strictly. */
final class RawHttp implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 60_000;

  private final Socket socket;
  private final InputStream in;

  RawHttp(TransportAddress server) throws IOException {
    socket = new Socket(server.ip(), server.port());
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = socket.getInputStream();
  }

  /**
   * What came.
   *
   * @param status of its first line
   * @param fields by their names in small letters
   * @param body as text
   */
  record Answer(int status, Map<String, String> fields, String body) {}

  /** One request on a connection of its own. */
  static Answer get(TransportAddress server, String path) throws IOException {
    try (RawHttp http = new RawHttp(server)) {
      http.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      return http.answer();
    }
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  Answer answer() throws IOException {
    return answer(true);
  }

  /** The next answer; one to HEAD has no body. */
  Answer answer(boolean withBody) throws IOException {
    String[] first = line().split(" ", 3);
    if (first.length < 2 || !first[0].equals("HTTP/1.1")) {
      throw new IOException("no status line: " + String.join(" ", first));
    }
    Map<String, String> fields = new TreeMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      String before =
          fields.put(
              line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
      if (before != null) {
        throw new IOException("a field came twice: " + line);
      }
    }
    int length = withBody ? Integer.parseInt(fields.get("content-length")) : 0;
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new Answer(Integer.parseInt(first[1]), fields, body);
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int each = in.read(); each != '\n'; each = in.read()) {
      if (each < 0) {
        throw new IOException("ended in the middle of a line: " + line);
      }
      line.write(each);
    }
    String text = line.toString(StandardCharsets.UTF_8);
    if (!text.endsWith("\r")) {
      throw new IOException("a line without CR: " + text);
    }
    return text.substring(0, text.length() - 1);
  }

  /** Whether the server ended the connection without saying more. */
  boolean isEnded() throws IOException {
    try {
      return in.read() < 0;
    } catch (SocketException reset) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
