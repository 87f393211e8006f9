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

  /** So many more are kept for answering whoever proves to know the secret. */
  static final int RESERVE = 250;

  private final int perWindow;
  private final int perSecond;
  private final Duration window;
  private final Map<InetAddress, Account> accounts = new HashMap<>();

  /**
   * A ledger.
   *
   * @param perWindow how many packets an address gets at most in a window; 250 more for answers to
   *     packets that a peer has proven to have sent, and that came from there or pretended to
   * @param perSecond how many it gets at most in a second of it
   * @param window how long it takes until the count begins anew
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
    private MonotonicTime since;
    private int sent;
    private MonotonicTime second;
    private int inSecond;

    Account(MonotonicTime now) {
      since = now;
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
   * @param answer whether it may be of the reserve
   */
  Answer charge(InetAddress target, boolean answer, MonotonicTime now) {
    Account account = accounts.get(target);
    if (account == null) {
      if (accounts.size() >= MOST_TARGETS) {
        accounts.values().removeIf(old -> isOver(old, now));
      }
      if (accounts.size() >= MOST_TARGETS) {
        return Answer.NEVER;
      }
      account = new Account(now);
      accounts.put(target, account);
    }
    if (isOver(account, now)) {
      account.since = now;
      account.sent = 0;
    }
    if (now.since(account.second).compareTo(Duration.ofSeconds(1)) >= 0) {
      account.second = now;
      account.inSecond = 0;
    }
    if (account.sent >= perWindow + (answer ? RESERVE : 0)) {
      return Answer.NEVER;
    }
    if (account.inSecond >= perSecond) {
      return Answer.LATER;
    }
    account.sent++;
    account.inSecond++;
    return Answer.SEND;
  }

  private boolean isOver(Account account, MonotonicTime now) {
    return now.since(account.since).compareTo(window) >= 0;
  }
}
