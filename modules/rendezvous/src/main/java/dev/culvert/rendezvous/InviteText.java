package dev.culvert.rendezvous;

import dev.culvert.identity.PeerId;
import dev.culvert.sansio.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The text of an {@link Invite}. */
final class InviteText {
  private static final String SCHEME = "culvert://";
  private static final String VERSION = "1";
  private static final String SECURE = "wss://";
  private static final String PLAIN = "-._:/";
  private static final int MOST_NODES = 8;

  private InviteText() {}

  static String write(PeerId peer, List<KnownNode> nodes, Bytes secret) {
    StringBuilder text = new StringBuilder(SCHEME).append(peer).append("?v=").append(VERSION);
    for (KnownNode node : nodes) {
      String url = node.urls().get(0).toString();
      text.append("&n=")
          .append(escape(url.startsWith(SECURE) ? url.substring(SECURE.length()) : url));
      node.id().ifPresent(id -> text.append('~').append(id));
    }
    return text.append("&s=").append(secret.hex()).toString();
  }

  private static String escape(String url) {
    StringBuilder text = new StringBuilder();
    Bytes bytes = Bytes.utf8(url);
    for (int i = 0; i < bytes.length(); i++) {
      int letter = bytes.at(i);
      boolean plain =
          (letter >= 'a' && letter <= 'z')
              || (letter >= '0' && letter <= '9')
              || PLAIN.indexOf(letter) >= 0;
      if (plain) {
        text.append((char) letter);
      } else {
        text.append('%').append(Bytes.of(letter).hex());
      }
    }
    return text.toString();
  }

  static Invite read(String given) throws JoinTextException {
    String text = given.strip().toLowerCase(Locale.ROOT);
    if (text.length() > Invite.LONGEST) {
      throw new JoinTextException("this is no invite: it is longer than 2048 characters");
    }
    if (!text.startsWith(SCHEME)) {
      throw new JoinTextException("this is no invite: it does not begin with culvert://");
    }
    int mark = text.indexOf('?');
    if (mark < 0) {
      throw new JoinTextException("this invite is cut off; copy all of it");
    }
    String who = text.substring(SCHEME.length(), mark);
    // A program that opens links may have put a slash behind what it takes for a host.
    PeerId peer = KnownNode.id(who.endsWith("/") ? who.substring(0, who.length() - 1) : who);
    Map<String, String> members = new HashMap<>();
    List<KnownNode> nodes = new ArrayList<>();
    for (String part : text.substring(mark + 1).split("&", -1)) {
      int sign = part.indexOf('=');
      String name = sign < 0 ? part : part.substring(0, sign);
      String value = sign < 0 ? "" : part.substring(sign + 1);
      if (name.equals("n")) {
        nodes.add(node(value));
      } else if (members.putIfAbsent(name, value) != null) {
        throw new JoinTextException("this invite says " + name + "= twice; ask for another one");
      }
    }
    return invite(peer, nodes, members);
  }

  private static Invite invite(PeerId peer, List<KnownNode> nodes, Map<String, String> members)
      throws JoinTextException {
    String version = members.getOrDefault("v", "");
    if (!version.equals(VERSION)) {
      throw new JoinTextException(
          version.isEmpty()
              ? "this invite does not say its version; copy all of it"
              : "this invite is of version " + version + "; a newer program reads it");
    }
    if (nodes.size() > MOST_NODES) {
      throw new JoinTextException("this invite names " + nodes.size() + " nodes; 8 are the most");
    }
    Optional<Bytes> secret = Invite.secret(members.getOrDefault("s", ""));
    if (secret.isEmpty()) {
      throw new JoinTextException("this invite is cut off or damaged in its secret; copy it again");
    }
    if (write(peer, nodes, secret.get()).length() > Invite.LONGEST) {
      throw new JoinTextException("this invite is too long; ask for one with fewer nodes");
    }
    return new Invite(peer, nodes, secret.get());
  }

  private static KnownNode node(String value) throws JoinTextException {
    int tilde = value.lastIndexOf('~');
    String url = unescape(tilde < 0 ? value : value.substring(0, tilde));
    String whole = url.startsWith("ws://") ? url : SECURE + url;
    Optional<String> id = tilde < 0 ? Optional.empty() : Optional.of(value.substring(tilde + 1));
    return KnownNode.of(whole, id, NodeSource.INVITED);
  }

  private static String unescape(String value) throws JoinTextException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < value.length(); i++) {
      char letter = value.charAt(i);
      if (letter == '%') {
        int high = i + 2 < value.length() ? Character.digit(value.charAt(i + 1), 16) : -1;
        int low = i + 2 < value.length() ? Character.digit(value.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          throw new JoinTextException("this invite is damaged in the URL of a node; copy it again");
        }
        bytes.write(high << 4 | low);
        i += 2;
      } else {
        bytes.writeBytes(Bytes.utf8(String.valueOf(letter)).toByteArray());
      }
    }
    return Bytes.wrap(bytes.toByteArray()).utf8();
  }
}
