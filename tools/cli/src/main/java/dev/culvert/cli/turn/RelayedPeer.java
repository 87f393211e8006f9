package dev.culvert.cli.turn;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.Flow;
import dev.culvert.sansio.Input;
import dev.culvert.sansio.MonotonicTime;
import dev.culvert.sansio.Output;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.turn.client.TurnClientEvent;
import java.util.Optional;

/** A second allocation on the same relay. It works behind every NAT and needs nobody else. */
final class RelayedPeer implements Peer {
  private final Leg leg;
  private final Diagnosis diagnosis;
  private Optional<TransportAddress> address = Optional.empty();
  private Optional<TransportAddress> partner = Optional.empty();
  private Optional<Trouble> trouble = Optional.empty();
  private boolean closing;
  private int heard;

  RelayedPeer(Leg leg, Diagnosis diagnosis) {
    this.leg = leg;
    this.diagnosis = diagnosis;
  }

  @Override
  public void begin(MonotonicTime now) {
    leg.client().advance(now);
    pump(now);
  }

  @Override
  public Optional<TransportAddress> address() {
    return address;
  }

  @Override
  public Optional<Trouble> trouble() {
    return trouble;
  }

  @Override
  public void meet(TransportAddress relayed, MonotonicTime now) {
    partner = Optional.of(relayed);
    leg.client().permit(relayed, now);
    pump(now);
  }

  @Override
  public int heard() {
    return heard;
  }

  @Override
  public String words() {
    return "a second allocation";
  }

  @Override
  public void receive(Flow from, Bytes payload, MonotonicTime now) {
    leg.receive(from, payload, now);
    pump(now);
  }

  @Override
  public void accept(Input input, MonotonicTime now) {
    leg.accept(input, now);
    pump(now);
  }

  @Override
  public void advance(MonotonicTime now) {
    leg.client().advance(now);
    pump(now);
  }

  private void pump(MonotonicTime now) {
    for (Optional<TurnClientEvent> event = leg.pollEvent();
        event.isPresent();
        event = leg.pollEvent()) {
      take(event.get(), now);
    }
  }

  private void take(TurnClientEvent event, MonotonicTime now) {
    if (event instanceof TurnClientEvent.Allocated allocated) {
      address = Optional.of(allocated.relayed().get(0));
      leg.tap().stop();
    } else if (event instanceof TurnClientEvent.Received received) {
      if (!closing && partner.filter(received.peer()::equals).isPresent()) {
        heard++;
        leg.client().send(received.peer(), received.data(), now);
      }
    } else if (event instanceof TurnClientEvent.PeerRefused refused) {
      fail(PeerWords.refused(refused, diagnosis.server().ip()));
    } else if (event instanceof TurnClientEvent.Failed failed) {
      fail(diagnosis.failed(failed.code(), failed.reason(), leg.tap()));
    } else if (event instanceof TurnClientEvent.Postponed postponed) {
      fail(diagnosis.failed(postponed.code(), postponed.reason(), leg.tap()));
      leg.client().close(now);
    } else if (event instanceof TurnClientEvent.Lost lost) {
      fail(PeerWords.lost(lost));
    }
  }

  private void fail(Trouble why) {
    trouble = trouble.or(() -> Optional.of(why));
  }

  @Override
  public Optional<MonotonicTime> nextDeadline() {
    return leg.isOver() ? Optional.empty() : leg.client().nextDeadline();
  }

  @Override
  public Optional<Output> pollOutput() {
    return leg.pollOutput();
  }

  @Override
  public void close(MonotonicTime now) {
    closing = true;
    leg.client().close(now);
    pump(now);
  }

  @Override
  public boolean isClosed() {
    return leg.isOver();
  }
}
