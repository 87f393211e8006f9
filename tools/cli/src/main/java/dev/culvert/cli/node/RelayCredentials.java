package dev.culvert.cli.node;

import dev.culvert.cli.Console;
import dev.culvert.cli.Fault;
import dev.culvert.transport.server.StunServer;
import dev.culvert.turn.auth.CombinedUsers;
import dev.culvert.turn.auth.CredentialStore;
import dev.culvert.turn.auth.RelayRealm;
import dev.culvert.turn.auth.SecretLines;
import dev.culvert.turn.auth.SecretLinesException;
import dev.culvert.turn.auth.StaticUser;
import dev.culvert.turn.auth.StaticUsers;
import dev.culvert.turn.auth.SwappableUsers;
import dev.culvert.turn.auth.TimeLimitedUsers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who may relay: from options, files and the environment; nobody is let in by default.
 */
final class RelayCredentials implements Renewal {
  static final String USERS_VARIABLE = "CULVERT_USERS";
  static final String SECRETS_VARIABLE = "CULVERT_AUTH_SECRET";

  private final RelayOptions options;
  private final Optional<String> peerSecret;
  private final Console console;
  private @Nullable SwappableUsers swappable;

  /**
   * Those of a relay.
   *
   * @param peerSecret of which credentials of peers are made, for this run; empty: they get none
   */
  RelayCredentials(RelayOptions options, Optional<String> peerSecret, Console console) {
    this.options = options;
    this.peerSecret = peerSecret;
    this.console = console;
  }

  private record Known(CredentialStore store, int users, int secrets) {}

  /**
   * The users; if there are none, those of a new secret, which is shown.
   *
   * @param random makes the secret; nobody can guess what it will make
   */
  CredentialStore store(RandomGenerator random) {
    SwappableUsers users = new SwappableUsers(read(Optional.of(random)).store());
    swappable = users;
    return users;
  }

  @Override
  public List<Path> files() {
    return Stream.of(options.usersFile, options.secretsFile).filter(Objects::nonNull).toList();
  }

  @Override
  public String renew(StunServer server) {
    Known next = read(Optional.empty());
    if (swappable != null) {
      swappable.swap(next.store());
    }
    return "who may relay: " + next.users() + " users, " + next.secrets() + " shared secrets";
  }

  /** Files that were named have something in them, so that nothing is made when they are read. */
  private Known read(Optional<RandomGenerator> maker) {
    RelayRealm realm = realm();
    List<StaticUser> users = users();
    List<String> secrets = secrets();
    boolean nobody = users.isEmpty() && secrets.isEmpty() && peerSecret.isEmpty();
    if (nobody && maker.isPresent()) {
      secrets = List.of(newSecret(maker.get()));
    }
    StaticUsers fixed = fixed(realm, users);
    List<String> all = Stream.concat(secrets.stream(), peerSecret.stream()).toList();
    if (all.isEmpty()) {
      return new Known(fixed, users.size(), 0);
    }
    TimeLimitedUsers timeLimited = new TimeLimitedUsers(realm, all, InstantSource.system());
    CredentialStore store = users.isEmpty() ? timeLimited : new CombinedUsers(fixed, timeLimited);
    return new Known(store, users.size(), secrets.size());
  }

  private RelayRealm realm() {
    try {
      return new RelayRealm(options.realm);
    } catch (IllegalArgumentException e) {
      throw Fault.usage("--realm: " + e.getMessage(), "take your domain name");
    }
  }

  private static StaticUsers fixed(RelayRealm realm, List<StaticUser> users) {
    try {
      return new StaticUsers(realm, users);
    } catch (IllegalArgumentException e) {
      throw Fault.usage(
          String.valueOf(e.getMessage()), "leave one of them out of --user and --users-file");
    }
  }

  private List<StaticUser> users() {
    List<StaticUser> all = new ArrayList<>();
    for (String text : options.users) {
      try {
        all.add(StaticUser.parse(text));
      } catch (IllegalArgumentException e) {
        throw Fault.usage("--user: " + e.getMessage(), "write --user NAME:PASSWORD");
      }
    }
    if (options.usersFile != null) {
      all.addAll(lines(SecretLines::users, "--users-file", options.usersFile));
    }
    console
        .environment(USERS_VARIABLE)
        .ifPresent(text -> all.addAll(lines(SecretLines::users, text, USERS_VARIABLE)));
    return all;
  }

  private List<String> secrets() {
    List<String> all = new ArrayList<>(options.secrets);
    if (all.contains("")) {
      throw Fault.usage("--auth-secret is empty", "give a long random text");
    }
    if (options.secretsFile != null) {
      all.addAll(lines(SecretLines::secrets, "--auth-secret-file", options.secretsFile));
    }
    console
        .environment(SECRETS_VARIABLE)
        .ifPresent(text -> all.addAll(lines(SecretLines::secrets, text, SECRETS_VARIABLE)));
    return all;
  }

  private interface Reader<T> {
    List<T> read(String text, String source) throws SecretLinesException;
  }

  private <T> List<T> lines(Reader<T> reader, String option, Path file) {
    String text = OptionFile.text(option, file, "a text file");
    if (OptionFile.isReadableByAll(file)) {
      console.tell(
          "warning: " + option + " " + file + " is readable by everybody; chmod o= " + file);
    }
    return lines(reader, text, option + " " + file);
  }

  private static <T> List<T> lines(Reader<T> reader, String text, String source) {
    try {
      return reader.read(text, source);
    } catch (SecretLinesException e) {
      throw Fault.usage(e.fault(), e.mend());
    }
  }

  /** A secret that nobody can guess. */
  static String secret(RandomGenerator random) {
    byte[] bytes = new byte[24];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private String newSecret(RandomGenerator random) {
    String secret = secret(random);
    console.tell("relay auth-secret=" + secret + " (for this run; --auth-secret-file keeps one)");
    console.tell("credentials for a day: culvert turn cred --secret " + secret);
    return secret;
  }
}
