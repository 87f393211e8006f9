package dev.culvert.cli.node;

import dev.culvert.transport.server.StunServer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a node has read from files, and reads again when they change. */
interface Renewal {
  /** The files; the same ones for ever. */
  List<Path> files();

  /**
   * Reads the files and has the server go on with what they say.
   *
   * @return what holds now, for people to read; no secret is in it
   * @throws dev.culvert.cli.Fault if they are not good; then all stays as it was
   */
  String renew(StunServer server);

  /** What somebody has to look after before long. */
  default Optional<String> concern(Instant now) {
    return Optional.empty();
  }
}
