package dev.culvert.punch;

import dev.culvert.sansio.MonotonicTime;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What a peer has sent toward addresses that had not answered, over all its attempts, so that many
 * liars together cannot aim it at somebody either. Confined to one thread, or guarded by its owner.
 */
public final class PunchLedger {
  /** Beyond that many addresses within one window nobody new is sent to. */
  static final int MOST_TARGETS = 1024;

  /** So many more are sent for answering whoever proves to know the secret; elsewhere no more. */
  static final int RESERVE = 250;

  private final int perWindow;
  private final int perSecond;
  private final Duration window;

  /** Where plans lead. */
  private final Map<InetAddress, Account> targets = new HashMap<>();

  /** Where proven packets came from, or pretended to: whoever makes those up fills this alone. */
  private final Map<InetAddress, Account> sources = new HashMap<>();

  /**
   * A ledger.
   *
   * @param perWindow how many packets an address gets at most in a window, whenever that begins;
   *     250 more for answers to packets that a peer has proven to have sent, and that came from
   *     there or pretended to
   * @param perSecond how many it gets at most in a second of it; of either kind
   * @param window how long what was sent counts, and at most a part of 24 longer
   */
  public PunchLedger(int perWindow, int perSecond, Duration window) {
    if (perWindow < 1 || perSecond < 1 || window.isNegative() || window.isZero()) {
      throw new IllegalArgumentException("a ledger allows something in some time");
    }
    this.perWindow = perWindow;
    this.perSecond = perSecond;
    this.window = window;
  }

  /** 1,750 packets toward an address in two minutes, 300 in a second of them. */
  public static PunchLedger standard() {
    return new PunchLedger(1750, 300, Duration.ofMinutes(2));
  }

  private static final class Account {
    private final Recent sent;
    private MonotonicTime second;
    private int inSecond;

    Account(Duration window, MonotonicTime now) {
      sent = new Recent(window, now);
      second = now;
    }
  }

  /** What may be done about one more packet. */
  enum Answer {
    SEND,
    LATER,
    NEVER
  }

  /**
   * Counts one packet toward {@code target} if it may be sent.
   *
   * @param answer whether it goes where something proven came from
   */
  Answer charge(InetAddress target, boolean answer, MonotonicTime now) {
    Map<InetAddress, Account> accounts = answer ? sources : targets;
    Account account = accounts.get(target);
    if (account == null) {
      // Where a plan leads answers go, too, whoever else has filled the room for them.
      boolean known = answer && targets.containsKey(target);
      if (accounts.size() >= MOST_TARGETS && !known) {
        accounts.values().removeIf(old -> old.sent.sum(now) == 0);
      }
      if (accounts.size() >= MOST_TARGETS && !known) {
        return Answer.NEVER;
      }
      account = new Account(window, now);
      accounts.put(target, account);
    }
    if (now.since(account.second).compareTo(Duration.ofSeconds(1)) >= 0) {
      account.second = now;
      account.inSecond = 0;
    }
    Account other = (answer ? targets : sources).get(target);
    int sum = account.sent.sum(now) + (other == null ? 0 : other.sent.sum(now));
    boolean leadsThere = !answer || other != null;
    if (sum >= (leadsThere ? perWindow : 0) + (answer ? RESERVE : 0)) {
      return Answer.NEVER;
    }
    if (account.inSecond >= perSecond) {
      return Answer.LATER;
    }
    account.sent.add(now);
    account.inSecond++;
    return Answer.SEND;
  }

  /** Whoever is at that address wants what is sent there: what was sent before counts no more. */
  void answered(InetAddress target) {
    targets.remove(target);
    sources.remove(target);
  }
}
