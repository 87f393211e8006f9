package dev.culvert.detect;

import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.attribute.ChangeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whose packets come in, found out with one server (RFC 5780 §4.4). Silence counts only where the
 * same answer is known to come once the way is open.
 */
final class FilteringProbe implements Probe {
  private static final ChangeRequest BOTH = new ChangeRequest(true, true);
  private static final ChangeRequest PORT = new ChangeRequest(false, true);

  private final PathState path;
  private final Target target;
  private final Volley askBoth;
  private final Volley askPort;
  private final List<Volley> openings = new ArrayList<>();
  private final List<Volley> openedBoth = new ArrayList<>();
  private final List<Volley> openedPort = new ArrayList<>();
  private Optional<ReturnPortProof> returnBoth = Optional.empty();
  private Optional<ReturnPortProof> returnPort = Optional.empty();

  FilteringProbe(PathState path, Target target) {
    this.path = path;
    this.target = target;
    this.askBoth = path.volley(path.bind(), target.address(), Pace.PRESSING, BOTH);
    this.askPort = path.volley(path.bind(), target.address(), Pace.PRESSING, PORT);
  }

  Target target() {
    return target;
  }

  @Override
  public List<Volley> volleys() {
    return Stream.of(
            openings.stream(),
            Stream.of(askBoth, askPort),
            openedBoth.stream(),
            openedPort.stream(),
            returnBoth.stream().flatMap(proof -> proof.volleys().stream()),
            returnPort.stream().flatMap(proof -> proof.volleys().stream()))
        .flatMap(volleys -> volleys)
        .toList();
  }

  @Override
  public void advance(MonotonicTime now) {
    if (target.alternate().isPresent()) {
      TransportAddress alternate = target.alternate().get();
      if (openings.isEmpty()) {
        open(openedBoth, List.of(alternate, alternate.withPort(target.address().port())), BOTH);
        open(openedPort, List.of(target.otherPort().orElseThrow()), PORT);
      }
      if (path.mapping().value().filter(Behaviour.ENDPOINT_INDEPENDENT::equals).isEmpty()
          && path.mappingSettled(now)
          && returnBoth.isEmpty()) {
        returnBoth = Optional.of(new ReturnPortProof(path, target, alternate, BOTH));
        returnPort =
            Optional.of(new ReturnPortProof(path, target, target.otherPort().orElseThrow(), PORT));
      }
      returnBoth.ifPresent(ReturnPortProof::advance);
      returnPort.ifPresent(ReturnPortProof::advance);
    }
    judgeSources();
    ceaseWhatIsDone(now);
  }

  /** A fresh socket that first lets the other address in, then asks the server to use it. */
  private void open(List<Volley> opened, List<TransportAddress> others, ChangeRequest change) {
    LocalSocket socket = path.bind();
    TransportAddress asked = change.changeIp() ? others.get(0) : target.otherPort().orElseThrow();
    openings.add(path.volley(socket, asked, Pace.PRESSING));
    if (change.changeIp()) {
      // So that an answer from the wrong port of the right address shows itself.
      openings.add(path.volley(socket, target.otherPort().orElseThrow(), Pace.CALM));
    }
    opened.add(path.volley(socket, target.address(), Pace.PRESSING, change));
  }

  private void judgeSources() {
    for (Volley volley : volleys()) {
      if (!volley.to().equals(target.address())) {
        continue;
      }
      boolean both = volley == askBoth || openedBoth.contains(volley);
      boolean port = volley == askPort || openedPort.contains(volley);
      if (both || port) {
        volley.replies().forEach(reply -> judgeSource(reply, both));
      }
    }
  }

  private void judgeSource(Shot.Reply reply, boolean both) {
    if (!reply.isSuccess()) {
      if (reply.error() != 0 && reply.from().equals(target.address())) {
        target.declined();
      }
      return;
    }
    TransportAddress from = reply.from();
    if (from.equals(target.address())) {
      target.lies("it ignores CHANGE-REQUEST");
    } else if (target.isAlive()) {
      Optional<TransportAddress> expected = both ? target.alternate() : target.otherPort();
      if (expected.isEmpty()) {
        target.lies("it answers from an address that it does not name");
      } else if (!from.equals(expected.get())) {
        target.lies(
            both && from.ip().equals(target.address().ip())
                ? "it changes only the port where it was asked to change the address too"
                : "it answers from another address than it was asked to");
      }
    }
  }

  private void ceaseWhatIsDone(MonotonicTime now) {
    boolean done = isSettled(now);
    for (Volley volley : volleys()) {
      boolean told = volley.isAnswered();
      volley.hold(done);
      if ((told && !openings.contains(volley)) || target.declines()) {
        volley.cease();
      }
    }
    ceaseOpenings(openedBoth);
    ceaseOpenings(openedPort);
  }

  private void ceaseOpenings(List<Volley> opened) {
    for (Volley volley : opened) {
      if (!volley.goesOn()) {
        openings.stream()
            .filter(opening -> opening.socket() == volley.socket())
            .filter(opening -> opening.isAnswered())
            .forEach(Volley::cease);
      }
    }
  }

  @Override
  public boolean isSettled(MonotonicTime now) {
    return !(judge(now) instanceof Finding.NotMeasured);
  }

  /** The answer; not measured as long as it may still come. */
  Finding<Behaviour> judge(MonotonicTime now) {
    Optional<String> hopeless = hopeless(now);
    if (hopeless.isPresent()) {
      return Finding.unknown(hopeless.get());
    }
    if (target.alternate().isEmpty()) {
      return Finding.notMeasured();
    }
    if (askBoth.successFrom(target.alternate().get()).isPresent()) {
      return Finding.known(Behaviour.ENDPOINT_INDEPENDENT);
    }
    if (!isSilent(askBoth, now) || !answersFromBoth()) {
      return Finding.notMeasured();
    }
    if (askPort.successFrom(target.otherPort().orElseThrow()).isPresent()) {
      return Finding.known(Behaviour.ADDRESS_DEPENDENT);
    }
    return isSilent(askPort, now) && answersFromPort()
        ? Finding.known(Behaviour.ADDRESS_AND_PORT_DEPENDENT)
        : Finding.notMeasured();
  }

  /** Why this server cannot tell; empty as long as it may. */
  private Optional<String> hopeless(MonotonicTime now) {
    if (target.lie().isPresent()) {
      return Optional.of("the server does not test honestly: " + target.lie().get());
    }
    if (target.declines() || target.shortcoming().isPresent()) {
      return Optional.of("the server has only one address and cannot answer from another");
    }
    if (target.isAlive() && target.alternate().isEmpty()) {
      return Optional.of("the server has only one address and cannot answer from another");
    }
    if (!target.isAlive()) {
      return path.isGivenUp(target, now)
          ? Optional.of("the server does not answer")
          : Optional.empty();
    }
    Optional<String> socketless =
        volleys().stream()
            .filter(volley -> volley.shots().isEmpty() && volley.socket().closed().isPresent())
            .map(volley -> "a socket for the test did not open: " + volley.socket().detail())
            .findFirst();
    return socketless.isPresent() ? socketless : silentServer(now);
  }

  private Optional<String> silentServer(MonotonicTime now) {
    if (openings.isEmpty()) {
      return Optional.empty();
    }
    boolean deadAlternate =
        openings.stream().anyMatch(volley -> volley.success().isEmpty() && isSilent(volley, now));
    if (deadAlternate) {
      return Optional.of("the server's other address does not answer");
    }
    boolean unproven =
        isMute(openedBoth, returnBoth, answersFromBoth(), now)
            || isMute(openedPort, returnPort, answersFromPort(), now);
    if (!unproven) {
      return Optional.empty();
    }
    return Optional.of(
        path.mapping().is(Behaviour.ENDPOINT_INDEPENDENT)
            ? "the server does not answer from its other address even where the way is open"
            : "the server cannot be shown to answer from its other address through this NAT");
  }

  /** Whether every way of making the server answer from elsewhere has been tried in vain. */
  private boolean isMute(
      List<Volley> opened, Optional<ReturnPortProof> proof, boolean answers, MonotonicTime now) {
    if (answers || !opened.stream().allMatch(volley -> isSilent(volley, now))) {
      return false;
    }
    boolean independent = path.mapping().is(Behaviour.ENDPOINT_INDEPENDENT);
    return independent || proof.filter(one -> one.isVain(now)).isPresent();
  }

  boolean answersFromBoth() {
    TransportAddress other = target.alternate().orElse(target.address());
    return answersFrom(openedBoth, returnBoth, other) || askBoth.successFrom(other).isPresent();
  }

  boolean answersFromPort() {
    TransportAddress other = target.otherPort().orElse(target.address());
    return answersFrom(openedPort, returnPort, other) || askPort.successFrom(other).isPresent();
  }

  private boolean answersFrom(
      List<Volley> opened, Optional<ReturnPortProof> proof, TransportAddress other) {
    return opened.stream().anyMatch(volley -> volley.successFrom(other).isPresent())
        || proof.filter(one -> one.succeeded()).isPresent();
  }

  private boolean isSilent(Volley volley, MonotonicTime now) {
    return path.provesSilence(volley, now);
  }
}
