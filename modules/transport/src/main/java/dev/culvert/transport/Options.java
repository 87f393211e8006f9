package dev.culvert.transport;

import io.netty.bootstrap.AbstractBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import java.util.Map;

/** Hands a platform's socket options to a bootstrap, or to a channel that is open. */
final class Options {
  private Options() {}

  static void set(AbstractBootstrap<?, ?> bootstrap, Map<ChannelOption<?>, Object> options) {
    options.forEach((option, value) -> set(bootstrap, option, value));
  }

  static void set(Channel channel, Map<ChannelOption<?>, Object> options) {
    channel.config().setOptions(options);
  }

  @SuppressWarnings("unchecked")
  private static <T> void set(
      AbstractBootstrap<?, ?> bootstrap, ChannelOption<T> option, Object value) {
    bootstrap.option(option, (T) value);
  }
}
