package dev.culvert.ice4j;

import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What ice4j reads from system properties when its first class loads, once for the whole process.
 * Nothing here touches a type of ice4j's, so that it can come before all of them.
 */
final class Ice4jSettings {
  /**
   * Nobody but the user's servers and peers is to hear of this host; and no check counts that
   * proves nothing, as ice4j would have it (RFC 8445 §7.3).
   */
  private static final Map<String, String> MUSTS =
      Map.of(
          "org.ice4j.REQUIRE_MESSAGE_INTEGRITY", "true",
          "ice4j.harvest.mapping.aws.enabled", "false",
          "ice4j.harvest.mapping.aws.force", "false",
          "ice4j.harvest.use-link-local-addresses", "false");

  /**
   * Consent ends after 17 s of silence at most, where ice4j would take 33 s, and RFC 7675 §5.1
   * allows 30 s.
   */
  private static final Map<String, String> CONSENT =
      Map.of(
          "ice4j.consent-freshness.interval", "5 seconds",
          "ice4j.consent-freshness.max-retransmissions", "22");

  /** Held, or their levels would be forgotten. */
  private static final Map<Logger, Level> LOGGERS =
      Map.of(
          Logger.getLogger("org.ice4j"), Level.WARNING,
          Logger.getLogger("org.jitsi"), Level.WARNING,
          Logger.getLogger("JitsiConfig"), Level.WARNING,
          // They warn of every socket that is closed.
          Logger.getLogger("org.ice4j.stack.Connector"), Level.SEVERE,
          Logger.getLogger("org.ice4j.stack.NetAccessManager"), Level.SEVERE);

  private Ice4jSettings() {}

  /** Sets them all; what is about consent alone yields to what was set before. */
  static void apply() {
    MUSTS.forEach(System::setProperty);
    CONSENT.forEach(
        (name, value) -> {
          if (System.getProperty(name) == null) {
            System.setProperty(name, value);
          }
        });
    LOGGERS.forEach(
        (logger, level) -> {
          if (logger.getLevel() == null) {
            logger.setLevel(level);
          }
        });
  }
}
