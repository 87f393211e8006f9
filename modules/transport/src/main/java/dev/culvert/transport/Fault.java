package dev.culvert.transport;

import dev.culvert.sansio.CloseCause;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * What a failed system call means to a machine.
 *
 * @param cause why
 * @param detail one line for people
 */
record Fault(CloseCause cause, String detail) {
  private static final Pattern NATIVE_ERROR = Pattern.compile("error\\(-(\\d+)\\)");
  private static final int EPERM = 1;
  private static final int EACCES = 13;
  private static final int EMSGSIZE = 90;
  private static final int EADDRINUSE = 98;
  private static final int EADDRNOTAVAIL = 99;
  private static final int ENETDOWN = 100;
  private static final int ENETUNREACH = 101;
  private static final int ECONNRESET = 104;
  private static final int ETIMEDOUT = 110;
  private static final int ECONNREFUSED = 111;
  private static final int EHOSTDOWN = 112;
  private static final int EHOSTUNREACH = 113;
  private static final int EPIPE = 32;

  /** Reads the JDK's exception types, Netty's error numbers (Linux), and as a last resort texts. */
  static Fault of(Throwable failure) {
    if (failure instanceof ConnectTimeoutException) {
      return new Fault(CloseCause.TIMED_OUT, "the connection attempt got no answer");
    }
    if (failure instanceof PortUnreachableException) {
      return ofErrno(ECONNREFUSED);
    }
    String text = failure.getMessage() == null ? "" : failure.getMessage();
    Matcher number = NATIVE_ERROR.matcher(text);
    if (number.find()) {
      Fault fault = ofErrno(Integer.parseInt(number.group(1)));
      return fault.cause == CloseCause.OTHER && fault.detail.isEmpty()
          ? new Fault(CloseCause.OTHER, text)
          : fault;
    }
    if (failure instanceof NoRouteToHostException
        && !text.toLowerCase(Locale.ROOT).contains("assign requested")) {
      return ofErrno(EHOSTUNREACH);
    }
    return failure instanceof IOException ? ofText(failure, text) : other(failure, text);
  }

  /** The same for what ended a TLS or DTLS handshake. */
  static Fault ofHandshake(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UntrustedServerException) {
        return new Fault(CloseCause.UNTRUSTED, String.valueOf(cause.getMessage()));
      }
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SslHandshakeTimeoutException) {
        return new Fault(CloseCause.TIMED_OUT, "the TLS handshake got no answer");
      }
      if (cause instanceof NotSslRecordException) {
        return new Fault(CloseCause.HANDSHAKE_FAILED, "the other side does not speak TLS");
      }
      if (cause instanceof ClosedChannelException) {
        return new Fault(
            CloseCause.HANDSHAKE_FAILED, "the other side hung up during the handshake");
      }
      if (cause instanceof SSLException) {
        return new Fault(
            CloseCause.HANDSHAKE_FAILED, "the handshake failed: " + cause.getMessage());
      }
    }
    return of(failure);
  }

  private static Fault ofErrno(int errno) {
    return switch (errno) {
      case ECONNREFUSED -> new Fault(CloseCause.REFUSED, "nobody listens on that port");
      case EHOSTUNREACH, EHOSTDOWN -> new Fault(CloseCause.UNREACHABLE, "no route to the host");
      case ENETUNREACH, ENETDOWN -> new Fault(CloseCause.UNREACHABLE, "no route to the network");
      case EPERM, EACCES ->
          new Fault(
              CloseCause.PROHIBITED, "not permitted, by a firewall or for want of a privilege");
      case ECONNRESET, EPIPE -> new Fault(CloseCause.RESET, "the other side cut the connection");
      case ETIMEDOUT -> new Fault(CloseCause.TIMED_OUT, "the other side stopped answering");
      case EADDRINUSE -> new Fault(CloseCause.OTHER, "address already in use");
      case EADDRNOTAVAIL ->
          new Fault(CloseCause.OTHER, "no interface of this machine has that address");
      case EMSGSIZE -> new Fault(CloseCause.OTHER, "the datagram is too large for the path");
      default -> new Fault(CloseCause.OTHER, "");
    };
  }

  /** The JDK tells some errors apart in their text only, which is the C library's. */
  private static Fault ofText(Throwable failure, String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains("refused")) {
      return ofErrno(ECONNREFUSED);
    }
    if (lower.contains("already in use")) {
      return ofErrno(EADDRINUSE);
    }
    if (lower.contains("assign requested")) {
      return ofErrno(EADDRNOTAVAIL);
    }
    if (lower.contains("unreachable") || lower.contains("no route")) {
      return lower.contains("network") ? ofErrno(ENETUNREACH) : ofErrno(EHOSTUNREACH);
    }
    if (lower.contains("permission denied") || lower.contains("not permitted")) {
      return ofErrno(EACCES);
    }
    if (lower.contains("too long") || lower.contains("too large")) {
      return ofErrno(EMSGSIZE);
    }
    if (lower.contains("reset") || lower.contains("broken pipe") || lower.contains("aborted")) {
      return ofErrno(ECONNRESET);
    }
    if (lower.contains("timed out")) {
      return failure instanceof ConnectException
          ? new Fault(CloseCause.TIMED_OUT, "the connection attempt got no answer")
          : ofErrno(ETIMEDOUT);
    }
    return other(failure, text);
  }

  private static Fault other(Throwable failure, String text) {
    String kind = failure.getClass().getSimpleName();
    return new Fault(CloseCause.OTHER, text.isEmpty() ? kind : kind + ": " + text);
  }
}
