package dev.culvert.it;

/** Does nothing beyond what every attack begins and ends with: it is served as all should be. */
final class NothingBad implements Attack {
  @Override
  public void on(Target relay) {}
}
