package dev.culvert.lab.host;

/**
 * Code that runs on a host of a lab.
 *
 * @param <T> what it finds
 */
@FunctionalInterface
public interface HostProgram<T> {

  /**
   * Runs it.
   *
   * @param host where it runs; only what it gets from there may make it wait
   */
  T run(TestHost host) throws Exception;
}
