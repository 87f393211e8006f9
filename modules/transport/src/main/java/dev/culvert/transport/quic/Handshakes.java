package dev.culvert.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicClosedChannelException;
import io.netty.handler.codec.quic.QuicConnectionCloseEvent;
import io.netty.handler.codec.quic.QuicDatagramExtensionEvent;
import io.netty.handler.codec.quic.QuicStreamLimitChangedEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections that somebody tries to make over one path, of which the first whose key was
 * proven is the link's. Whoever could put packets into the path must not keep the peer out, nor
 * have this side do work without end: few are tried at once.
 */
@Sharable
final class Handshakes extends ChannelInitializer<QuicChannel> {
  private static final Logger LOG = LoggerFactory.getLogger(Handshakes.class);
  private static final int MOST_AT_ONCE = 4;
  private static final int LONGEST_WORDS = 200;

  /** RFC 9001 §4.8, RFC 7301 §3.2. */
  private static final int NO_COMMON_PROTOCOL = 0x100 + 120;

  private final QuicLink link;
  private int trying;

  Handshakes(QuicLink link) {
    this.link = link;
  }

  @Override
  protected void initChannel(QuicChannel channel) {
    if (link.isOver() || link.chosen().isPresent() || trying >= MOST_AT_ONCE) {
      ChannelFuture unused = channel.close();
    } else {
      trying++;
      channel.pipeline().addLast(new Attempt(channel));
    }
  }

  /** Whoever called got no connection. */
  void failed(Throwable cause) {
    if (link.sawWrongKey()) {
      link.finish(link.wrongKey());
    } else if (cause instanceof QuicClosedChannelException closed && closed.event() != null) {
      link.finish(told(closed.event()));
    } else {
      link.finish(failure(String.valueOf(cause.getMessage())));
    }
  }

  private static QuicEnd failure(String what) {
    return new QuicEnd(QuicEnd.Kind.FAILED, 0, "QUIC failed: " + what);
  }

  /** What the peer said when it closed, cleaned of what would spoil a line. */
  private static QuicEnd told(QuicConnectionCloseEvent event) {
    if (event.isTlsError() && event.error() == NO_COMMON_PROTOCOL) {
      return new QuicEnd(
          QuicEnd.Kind.FAILED, event.error(), "the peer speaks something else over QUIC");
    }
    if (event.isTlsError()) {
      return new QuicEnd(
          QuicEnd.Kind.KEY_REFUSED, event.error(), "the peer did not take this side's key");
    }
    String clean = clean(event);
    return event.isApplicationClose()
        ? new QuicEnd(QuicEnd.Kind.PEER_CLOSED, event.error(), clean)
        : new QuicEnd(
            event.error() == 0 ? QuicEnd.Kind.PEER_CLOSED : QuicEnd.Kind.FAILED,
            event.error(),
            event.error() == 0
                ? clean
                : "the peer says that this side broke the protocol: " + event.error());
  }

  private static String clean(QuicConnectionCloseEvent event) {
    byte[] said;
    try {
      said = event.reason();
    } catch (NullPointerException e) {
      // That is how the library says that there are no words.
      said = new byte[0];
    }
    return new String(said, StandardCharsets.UTF_8)
        .codePoints()
        .filter(each -> !Character.isISOControl(each))
        .limit(LONGEST_WORDS)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private final class Attempt extends ChannelInboundHandlerAdapter {
    private final QuicChannel channel;
    private @Nullable QuicEnd why;
    private int longest;

    Attempt(QuicChannel channel) {
      this.channel = channel;
    }

    private boolean isChosen() {
      return link.chosen().filter(channel::equals).isPresent();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof SslHandshakeCompletionEvent done) {
        if (done.isSuccess()) {
          proven();
        }
      } else if (event instanceof QuicConnectionCloseEvent closed) {
        why = told(closed);
      } else if (event instanceof QuicStreamLimitChangedEvent && isChosen()) {
        link.openMore();
      } else if (event instanceof QuicDatagramExtensionEvent datagrams) {
        // It comes before the end of the handshake is told.
        longest = datagrams.maxLength();
      }
    }

    private void proven() {
      if (link.isOver() || link.chosen().isPresent()) {
        if (!isChosen()) {
          ChannelFuture unused = channel.close();
        }
        return;
      }
      // The handshake asked this already, unless it was a resumed one.
      if (certificate(channel.sslEngine()).filter(link::isExpected).isEmpty()) {
        why = link.wrongKey();
        ChannelFuture unused = channel.close();
        return;
      }
      link.ready(channel, longest);
    }

    private Optional<X509Certificate> certificate(@Nullable SSLEngine engine) {
      if (engine == null) {
        return Optional.empty();
      }
      try {
        Certificate[] chain = engine.getSession().getPeerCertificates();
        return chain.length > 0 && chain[0] instanceof X509Certificate first
            ? Optional.of(first)
            : Optional.empty();
      } catch (SSLPeerUnverifiedException e) {
        return Optional.empty();
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof ByteBuf data) {
        try {
          if (isChosen()) {
            link.datagram(data);
          }
        } finally {
          data.release();
        }
      } else {
        context.fireChannelRead(message);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // A packet that made no sense, or a handshake that failed; the channel closes if it has to.
      LOG.debug("QUIC", cause);
      if (why == null && !isChosen()) {
        why = failure(String.valueOf(cause.getMessage()));
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      trying--;
      QuicEnd end = why == null ? failure("the connection was closed") : why;
      if (isChosen()) {
        link.finish(end);
      } else if (trying == 0 && link.chosen().isEmpty()) {
        link.finish(link.sawWrongKey() ? link.wrongKey() : end);
      }
    }
  }
}
