package org.example.ping;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Optional;

/**
 * Finds another peer through an {@link Introducer} and pings it straight, through both NATs.
 *
 * <p>It takes a socket instead of making one, so that a test can hand it one that stands behind a
 * NAT; and it counts ticks instead of reading a clock, so that it does not notice when time is
 * virtual.
 */
public final class Peer {
  private static final int TICK_MILLIS = 200;
  private static final int MOST_TICKS = 20;

  /** How long the one who is done goes on answering: the other side may still lack its answer. */
  private static final int COURTESY_TICKS = 5;

  private final DatagramSocket socket;
  private final InetSocketAddress introducer;
  private final String room;
  private Optional<InetSocketAddress> partner = Optional.empty();
  private Optional<InetSocketAddress> answered = Optional.empty();

  public Peer(DatagramSocket socket, InetSocketAddress introducer, String room) {
    this.socket = socket;
    this.introducer = introducer;
    this.room = room;
  }

  /** The address at which the other peer answered; empty if it never did. */
  public Optional<InetSocketAddress> run() throws IOException {
    // The same socket all along: the NAT's mapping belongs to it, and the introducer tells of that mapping.
    socket.setSoTimeout(TICK_MILLIS);
    int left = MOST_TICKS;
    while (left > 0) {
      speak();
      boolean hadAnswer = answered.isPresent();
      listen();
      left = answered.isPresent() && !hadAnswer ? COURTESY_TICKS : left - 1;
    }
    return answered;
  }

  private void speak() throws IOException {
    if (partner.isEmpty()) {
      new Message("HELLO", room, introducer).send(socket);
    } else {
      // The first of these only opens our own NAT for what comes from there, and dies at the other's.
      new Message("PING", room, partner.get()).send(socket);
    }
  }

  /** Hears whatever comes until it is silent for a tick. */
  private void listen() throws IOException {
    try {
      while (true) {
        hear(Message.receive(socket));
      }
    } catch (SocketTimeoutException e) {
      // Time to speak again.
    }
  }

  private void hear(Message message) throws IOException {
    boolean ours = message.rest().equals(room);
    if (message.word().equals("PEER") && message.partner().equals(introducer)) {
      partner = partner.or(() -> parse(message.rest()));
    } else if (message.word().equals("PING") && ours) {
      // A symmetric NAT sends from another port than the introducer saw. Whoever lets that packet in knows better now.
      partner = Optional.of(message.partner());
      new Message("PONG", room, message.partner()).send(socket);
    } else if (message.word().equals("PONG") && ours) {
      answered = answered.or(() -> Optional.of(message.partner()));
    }
  }

  private static Optional<InetSocketAddress> parse(String text) {
    try {
      return Optional.of(Message.address(text));
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }
}
