package dev.culvert.examples.swarm;

import dev.culvert.identity.PeerId;
import dev.culvert.sansio.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Answers what other peers ask. Safe for any thread; blocks while it answers. */
final class Desk {
  /** So that several who are served at once all get on. */
  private static final int CHUNK = 1 << 14;

  private final Bytes name;
  private final Manifest manifest;
  private final Pieces pieces;
  private final UploadRate rate;
  private final Function<PeerId, List<PeerId>> others;

  /**
   * A desk.
   *
   * @param others whom else a peer may be told of
   */
  Desk(Pieces pieces, UploadRate rate, Function<PeerId, List<PeerId>> others) {
    this.manifest = pieces.manifest();
    this.name = manifest.name();
    this.pieces = pieces;
    this.rate = rate;
    this.others = others;
  }

  /** Answers one question, and closes. */
  void answer(PeerId asker, Link.Exchange exchange) {
    try (exchange;
        OutputStream out = exchange.output()) {
      Optional<Wire.Question> question =
          Wire.question(exchange.input()).filter(its -> its.name().equals(name));
      Optional<byte[]> answer = question.flatMap(its -> answer(asker, its));
      if (answer.isPresent()) {
        // Only pieces count: what is short is not to wait behind them.
        boolean counts = question.filter(its -> its.kind() == Wire.Kind.PIECE).isPresent();
        send(answer.get(), counts ? rate : UploadRate.ANY, out);
      } else {
        Wire.decline(out);
      }
    } catch (IOException e) {
      // Whoever asked has gone, or says what nobody understands; that is theirs to bear.
    }
  }

  private Optional<byte[]> answer(PeerId asker, Wire.Question question) {
    return switch (question.kind()) {
      case MANIFEST -> Optional.of(manifest.encode().toByteArray());
      case HERE -> Optional.of(pieces.here().toByteArray());
      case PIECE -> piece(question.piece());
      case PEERS -> Optional.of(Wire.text(others.apply(asker)));
    };
  }

  private Optional<byte[]> piece(int piece) {
    try {
      return pieces.read(piece);
    } catch (IOException e) {
      // A disk that fails is no fault of the asker; another peer may have the piece.
      return Optional.empty();
    }
  }

  private static void send(byte[] answer, UploadRate rate, OutputStream out) throws IOException {
    Wire.announce(out, answer.length);
    for (int i = 0; i < answer.length; i += CHUNK) {
      int length = Math.min(CHUNK, answer.length - i);
      rate.await(length);
      out.write(answer, i, length);
    }
  }
}
