package dev.culvert.transport.mdns;

import dev.culvert.sansio.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A DNS message written byte by byte, as RFC 1035 §4.1 has it and without any compression. */
final class Message {
  static final int RESPONSE = 0x8400;
  static final int A = 1;
  static final int AAAA = 28;
  static final int NSEC = 47;
  static final int ANY = 255;
  static final int IN = 1;
  static final int TOP_BIT = 0x8000;

  private final int id;
  private final int flags;
  private final List<List<Bytes>> sections =
      List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());

  private Message(int id, int flags) {
    this.id = id;
    this.flags = flags;
  }

  static Message of(int id, int flags) {
    return new Message(id, flags);
  }

  static Message query() {
    return new Message(0, 0);
  }

  static Message response() {
    return new Message(0, RESPONSE);
  }

  Message question(String name, int type, int dnsClass) {
    sections.get(0).add(name(name).concat(shorts(type, dnsClass)));
    return this;
  }

  Message record(int section, String name, int type, int dnsClass, int ttl, Bytes data) {
    sections
        .get(section)
        .add(
            name(name)
                .concat(shorts(type, dnsClass, ttl >>> 16, ttl & 0xffff, data.length()))
                .concat(data));
    return this;
  }

  Message answer(String name, int type, int dnsClass, int ttl, Bytes data) {
    return record(1, name, type, dnsClass, ttl, data);
  }

  Bytes bytes() {
    Bytes all = shorts(id, flags);
    for (List<Bytes> section : sections) {
      all = all.concat(shorts(section.size()));
    }
    for (List<Bytes> section : sections) {
      for (Bytes entry : section) {
        all = all.concat(entry);
      }
    }
    return all;
  }

  static Bytes shorts(int... values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int value : values) {
      out.write(value >> 8);
      out.write(value);
    }
    return Bytes.wrap(out.toByteArray());
  }

  static Bytes name(String name) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String label : name.split("\\.", -1)) {
      byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
      out.write(bytes.length);
      out.writeBytes(bytes);
    }
    out.write(0);
    return Bytes.wrap(out.toByteArray());
  }
}
