package dev.culvert.ice.text;

import dev.culvert.ice.Candidate;
import dev.culvert.ice.CandidateAddress;
import dev.culvert.ice.CandidateType;
import dev.culvert.ice.ComponentId;
import dev.culvert.ice.TcpType;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Transport;
import dev.culvert.sansio.TransportAddress;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The candidate attribute (RFC 8839 §5.1, RFC 6544 §4.5), without {@code a=}. */
public final class CandidateText {
  private static final String PREFIX = "candidate:";
  private static final int LONGEST = 1024;
  private static final Pattern SPACES = Pattern.compile(" +");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,252})");

  private CandidateText() {}

  /** The attribute for a candidate. */
  public static String format(Candidate candidate) {
    StringBuilder text = new StringBuilder(PREFIX);
    text.append(candidate.foundation())
        .append(' ')
        .append(candidate.component().component())
        .append(' ')
        .append(candidate.transport() == Transport.TCP ? "TCP" : "UDP")
        .append(' ')
        .append(candidate.priority())
        .append(' ')
        .append(host(candidate.address()))
        .append(' ')
        .append(port(candidate.address()))
        .append(" typ ")
        .append(candidate.type().word());
    candidate
        .related()
        .ifPresent(
            related ->
                text.append(" raddr ")
                    .append(IpLiterals.format(related.ip(), false))
                    .append(" rport ")
                    .append(related.port()));
    if (candidate.related().isEmpty() && candidate.type() != CandidateType.HOST) {
      // RFC 8839 §5.1 wants both there; whose they are is kept private (RFC 8828).
      boolean ipv6 = candidate.address().known().filter(TransportAddress::isIpv6).isPresent();
      text.append(ipv6 ? " raddr :: rport 9" : " raddr 0.0.0.0 rport 9");
    }
    candidate.tcpType().ifPresent(type -> text.append(" tcptype ").append(type.word()));
    return text.toString();
  }

  private static String host(CandidateAddress address) {
    return address instanceof CandidateAddress.Named named
        ? named.name()
        : IpLiterals.format(address.known().orElseThrow().ip(), false);
  }

  private static int port(CandidateAddress address) {
    return address instanceof CandidateAddress.Named named
        ? named.port()
        : address.known().orElseThrow().port();
  }

  /**
   * Reads one attribute, with or without {@code a=}.
   *
   * @param stream the data stream that it belongs to
   * @return empty for candidates of a kind that nobody here knows, which are to be passed over
   * @throws IceTextException if it is none
   */
  public static Optional<Candidate> parse(String attribute, int stream) throws IceTextException {
    String text = attribute.strip();
    text = text.startsWith("a=") ? text.substring(2) : text;
    if (!text.startsWith(PREFIX) || text.length() > LONGEST) {
      throw new IceTextException("no candidate attribute: " + shortened(text));
    }
    List<String> words = List.of(SPACES.split(text.substring(PREFIX.length()), -1));
    if (words.size() < 8 || !words.get(6).equals("typ") || words.size() % 2 != 0) {
      throw new IceTextException("a candidate has other parts than this: " + shortened(text));
    }
    Map<String, String> more = new HashMap<>();
    for (int i = 8; i + 1 < words.size(); i += 2) {
      more.putIfAbsent(words.get(i), words.get(i + 1));
    }
    Optional<Transport> transport = transport(words.get(2));
    Optional<CandidateType> type = CandidateType.ofWord(words.get(7));
    Optional<TcpType> tcpType = Optional.ofNullable(more.get("tcptype")).flatMap(TcpType::ofWord);
    if (transport.isEmpty()
        || type.isEmpty()
        || (transport.get() == Transport.TCP && tcpType.isEmpty())) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Candidate(
              words.get(0),
              new ComponentId(stream, Math.toIntExact(number(words.get(1)))),
              transport.get(),
              number(words.get(3)),
              address(words.get(4), port(words.get(5))),
              type.get(),
              related(more),
              transport.get() == Transport.TCP ? tcpType : Optional.empty()));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IceTextException(e.getMessage() + ": " + shortened(text));
    }
  }

  private static Optional<Transport> transport(String word) {
    return switch (word.toUpperCase(Locale.ROOT)) {
      case "UDP" -> Optional.of(Transport.UDP);
      case "TCP" -> Optional.of(Transport.TCP);
      default -> Optional.empty();
    };
  }

  private static CandidateAddress address(String word, int port) {
    Optional<InetAddress> ip = IpLiterals.parse(word);
    if (ip.isPresent()) {
      return new CandidateAddress.Ip(new TransportAddress(ip.get(), port));
    }
    return named(word, port);
  }

  static CandidateAddress named(String name, int port) {
    if (!NAME.matcher(name).matches() || port < 1 || port > 0xffff) {
      throw new IllegalArgumentException("neither an address nor a name, with a port");
    }
    return new CandidateAddress.Named(name, port);
  }

  private static Optional<TransportAddress> related(Map<String, String> more) {
    Optional<InetAddress> ip = Optional.ofNullable(more.get("raddr")).flatMap(IpLiterals::parse);
    String port = more.getOrDefault("rport", "");
    return ip.isEmpty() || ip.get().isAnyLocalAddress() || !NUMBER.matcher(port).matches()
        ? Optional.empty()
        : Optional.of(new TransportAddress(ip.get(), port(port)));
  }

  private static int port(String word) {
    long port = number(word);
    if (port > 0xffff) {
      throw new IllegalArgumentException("a port is 0 to 65535");
    }
    return (int) port;
  }

  private static long number(String word) {
    if (!NUMBER.matcher(word).matches()) {
      throw new IllegalArgumentException("no number where one belongs");
    }
    return Long.parseLong(word);
  }

  /** What a peer sent is not shown at length, nor with what a terminal would obey. */
  static String shortened(String text) {
    String plain = text.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() > 60 ? plain.substring(0, 57) + "..." : plain;
  }
}
