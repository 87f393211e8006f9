package dev.culvert.cli.node;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes signals from the system until it is closed. The JDK's class for that is not supported, so
 * that it is looked for at run time: where it is missing, or the system knows no such signal, all
 * stays as Java has it.
 */
final class Signals implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Signals.class);

  private final Deque<Runnable> undo = new ArrayDeque<>();

  /**
   * Has {@code action} run on a thread of its own at each such signal.
   *
   * @param name without SIG
   * @return whether it will be
   */
  boolean on(String name, Runnable action) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Object signal = type.getConstructor(String.class).newInstance(name);
      InvocationHandler calls =
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "handle" -> {
                  action.run();
                  yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "handler of SIG" + name;
              };
      Object handler =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(), new Class<?>[] {handlerType}, calls);
      Object before = set(type, handlerType, signal, handler);
      undo.push(() -> restore(type, handlerType, signal, before));
      return true;
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOGGER.debug("SIG{} is left to Java", name, e);
      return false;
    }
  }

  private static Object set(Class<?> type, Class<?> handlerType, Object signal, Object handler)
      throws ReflectiveOperationException {
    return type.getMethod("handle", type, handlerType).invoke(null, signal, handler);
  }

  private static void restore(Class<?> type, Class<?> handlerType, Object signal, Object before) {
    try {
      set(type, handlerType, signal, before);
    } catch (ReflectiveOperationException e) {
      LOGGER.debug("cannot give back a signal", e);
    }
  }

  /** Gives the signals back to whom they belonged. */
  @Override
  public void close() {
    undo.forEach(Runnable::run);
    undo.clear();
  }
}
