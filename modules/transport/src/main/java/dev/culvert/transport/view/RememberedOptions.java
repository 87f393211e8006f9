package dev.culvert.transport.view;

import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Options of a socket that has no system below: they are taken, told again, and do nothing. */
final class RememberedOptions {
  private static final int BUFFER = 1 << 18;
  private static final Map<SocketOption<?>, Object> AT_FIRST =
      Map.of(
          StandardSocketOptions.SO_SNDBUF,
          BUFFER,
          StandardSocketOptions.SO_RCVBUF,
          BUFFER,
          StandardSocketOptions.SO_REUSEADDR,
          false,
          StandardSocketOptions.SO_BROADCAST,
          false,
          StandardSocketOptions.IP_TOS,
          0);

  private final Map<SocketOption<?>, Object> values = new ConcurrentHashMap<>(AT_FIRST);

  Set<SocketOption<?>> names() {
    return AT_FIRST.keySet();
  }

  <T> void set(SocketOption<T> name, T value) {
    check(name);
    if (name.type() == Integer.class && (Integer) value < leastOf(name)) {
      throw new IllegalArgumentException(name.name() + " cannot be " + value);
    }
    values.put(name, value);
  }

  private static int leastOf(SocketOption<?> name) {
    return name == StandardSocketOptions.IP_TOS ? 0 : 1;
  }

  <T> T get(SocketOption<T> name) {
    check(name);
    return Objects.requireNonNull(name.type().cast(values.get(name)));
  }

  private static void check(SocketOption<?> name) {
    if (!AT_FIRST.containsKey(name)) {
      throw new UnsupportedOperationException("a path has no option " + name.name());
    }
  }
}
