package dev.culvert.natsim;

import dev.culvert.sansio.Answer;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.Question;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The DNS of a {@link World}: a table of names, answered after a fixed time. */
public final class Names {
  private final Map<Question, Answer> answers = new HashMap<>();
  private Duration delay = Duration.ofMillis(5);
  private boolean dead;

  Names() {}

  /** Gives a host its addresses. */
  public void host(String name, List<InetAddress> ips) {
    answers.put(new Question.Addresses(name), new Answer.Addresses(ips));
  }

  /** Gives a service its records. */
  public void service(String name, List<Answer.Service> services) {
    answers.put(new Question.Services(name), new Answer.Services(services));
  }

  /** Lets answers take this long. */
  public void delay(Duration newDelay) {
    delay = newDelay;
  }

  /** Whether every question about a name stays without an answer for 5 s and then fails. */
  public void dead(boolean isDead) {
    dead = isDead;
  }

  /** What a resolver with DNS64 makes of these addresses (RFC 6147 §5.1). */
  static List<InetAddress> dns64(List<InetAddress> ips, boolean alone) {
    List<InetAddress> real = ips.stream().filter(Inet6Address.class::isInstance).toList();
    return real.isEmpty() || alone
        ? ips.stream().filter(Inet4Address.class::isInstance).map(Nat64Prefix::embed).toList()
        : real;
  }

  Answer answer(Question question) {
    if (question instanceof Question.Addresses addresses) {
      Optional<InetAddress> literal = IpLiterals.parse(addresses.host());
      if (literal.isPresent()) {
        return new Answer.Addresses(List.of(literal.get()));
      }
    }
    if (dead) {
      return new Answer.Failed("no answer from the name server");
    }
    return answers.getOrDefault(question, new Answer.NotFound());
  }

  Duration delay(Question question) {
    if (question instanceof Question.Addresses addresses
        && IpLiterals.parse(addresses.host()).isPresent()) {
      return Duration.ZERO;
    }
    return dead ? Duration.ofSeconds(5) : delay;
  }
}
