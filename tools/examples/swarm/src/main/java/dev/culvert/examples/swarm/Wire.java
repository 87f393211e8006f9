package dev.culvert.examples.swarm;

import dev.culvert.identity.PeerId;
import dev.culvert.sansio.Bytes;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * What peers of a swarm say. A stream carries one question, {@code kind(1) name(32) piece(4)}, and
 * its answer, {@code length(4) bytes}; the length is -1 where there is none.
 */
final class Wire {
  /** The most peers that an answer names. */
  static final int MOST_PEERS = 32;

  private static final int NONE = -1;

  private Wire() {}

  /** What is asked for. */
  enum Kind {
    /** The {@link Manifest}. */
    MANIFEST(0),
    /** Which pieces the other one has: a bit each, the first in the lowest bit. */
    HERE(1),
    /** A piece. */
    PIECE(2),
    /** The ids of others of this swarm, 32 bytes each. */
    PEERS(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    private static Optional<Kind> of(int code) {
      return Arrays.stream(values()).filter(each -> each.code == code).findFirst();
    }
  }

  /**
   * A question.
   *
   * @param kind what for
   * @param name of the swarm
   * @param piece which; 0 where that means nothing
   */
  record Question(Kind kind, Bytes name, int piece) {}

  static void ask(OutputStream to, Question question) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(1 + Manifest.DIGEST + Integer.BYTES);
    text.put((byte) question.kind().code).put(question.name().asByteBuffer());
    text.putInt(question.piece());
    to.write(text.array());
    to.close();
  }

  /** Reads a question; empty if it is of a kind that later versions may have. */
  static Optional<Question> question(InputStream from) throws IOException {
    DataInputStream in = new DataInputStream(from);
    int kind = in.readUnsignedByte();
    byte[] name = new byte[Manifest.DIGEST];
    in.readFully(name);
    int piece = in.readInt();
    return Kind.of(kind).map(its -> new Question(its, Bytes.wrap(name), piece));
  }

  /** Says that there is no answer. */
  static void decline(OutputStream to) throws IOException {
    announce(to, NONE);
  }

  /** Says how long the answer is that follows. */
  static void announce(OutputStream to, int length) throws IOException {
    to.write(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
  }

  /**
   * Reads an answer.
   *
   * @param most how long it may be
   * @return empty if there is none
   */
  static Optional<byte[]> answer(InputStream from, int most) throws IOException {
    DataInputStream in = new DataInputStream(from);
    int length = in.readInt();
    if (length == NONE) {
      return Optional.empty();
    }
    if (length < 0 || length > most) {
      throw new SwarmException("an answer of " + length + " bytes where " + most + " are the most");
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the answer ends early");
    }
    return Optional.of(bytes);
  }

  /** Which pieces a peer has. */
  static BitSet here(byte[] answer, int count) {
    BitSet here = BitSet.valueOf(answer);
    here.clear(count, Math.max(count, here.length()));
    return here;
  }

  /** Which peers a peer knows. */
  static List<PeerId> peers(byte[] answer) {
    List<PeerId> peers = new ArrayList<>();
    Bytes all = Bytes.wrap(answer);
    for (int i = 0; i + PeerId.LENGTH <= all.length(); i += PeerId.LENGTH) {
      PeerId peer = new PeerId(all.slice(i, i + PeerId.LENGTH));
      if (peer.isGood()) {
        peers.add(peer);
      }
    }
    return peers;
  }

  /** The same, to be told. */
  static byte[] text(List<PeerId> peers) {
    Bytes text = Bytes.empty();
    for (PeerId peer : peers) {
      text = text.concat(peer.key());
    }
    return text.toByteArray();
  }
}
