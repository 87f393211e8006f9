package dev.culvert.cli.connect;

import dev.culvert.cli.Fault;
import dev.culvert.cli.introduce.ContactsFile.Contact;
import dev.culvert.ice.IcePolicy;
import dev.culvert.identity.PeerId;
import dev.culvert.identity.PeerIdException;
import dev.culvert.rendezvous.Invite;
import dev.culvert.rendezvous.JoinTextException;
import dev.culvert.rendezvous.KnownNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Whom to call, and what path that has to be. */
public final class CallOptions {
  private static final String DIRECT = "direct";

  @Mixin private JoinOptions join = new JoinOptions();

  @Option(
      names = "--require",
      paramLabel = "direct",
      description = "Give up with exit code 3 if no direct path comes within --wait.")
  private Optional<String> require = Optional.empty();

  @Parameters(
      paramLabel = "PEER",
      description = "Whom to call: an id, an invite, or a name in --contacts.")
  private String peer = "";

  /** Options at their defaults. */
  public CallOptions() {}

  JoinOptions join() {
    return join;
  }

  boolean requiresDirect() {
    require
        .filter(word -> !word.equals(DIRECT))
        .ifPresent(
            word -> {
              throw Fault.usage("--require " + word + " is nothing", "write --require direct");
            });
    if (require.isPresent() && join.policy() == IcePolicy.RELAY_ONLY) {
      throw Fault.usage("--require direct and --policy relay-only exclude each other", "choose");
    }
    return require.isPresent();
  }

  /**
   * Whom that is, and the nodes where it may be.
   *
   * @throws Fault if it is nobody
   */
  Callee callee() {
    String text = peer.strip();
    if (text.contains("://")) {
      try {
        Invite invite = Invite.parse(text);
        return new Callee(invite.peer(), Optional.of(invite), List.of());
      } catch (JoinTextException e) {
        throw Fault.usage(String.valueOf(e.getMessage()), "");
      }
    }
    List<Contact> contacts = join.contacts();
    List<Contact> named =
        contacts.stream().filter(each -> each.name().filter(text::equals).isPresent()).toList();
    if (named.size() > 1) {
      throw Fault.usage("several contacts are called '" + text + "'", "give the id");
    }
    PeerId id = named.isEmpty() ? parse(text) : named.get(0).peer();
    List<KnownNode> nodes =
        contacts.stream()
            .filter(each -> each.peer().equals(id))
            .flatMap(each -> each.nodes().stream())
            .toList();
    return new Callee(id, Optional.empty(), nodes);
  }

  private PeerId parse(String text) {
    try {
      return PeerId.parse(text);
    } catch (PeerIdException e) {
      String fault = String.valueOf(e.getMessage());
      boolean likeName = Stream.of(".", ":").noneMatch(text::contains) && text.length() < 40;
      throw likeName
          ? Fault.usage(
              "nobody is called '" + text + "'",
              join.namesContacts()
                  ? "look into the contacts"
                  : "give an id, an invite, or --contacts")
          : Fault.usage(fault, "");
    }
  }
}
