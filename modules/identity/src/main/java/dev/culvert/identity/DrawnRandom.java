package dev.culvert.identity;

import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.util.random.RandomGenerator;

/** Whatever generator an engine was given, in the form that Bouncy Castle wants. */
final class DrawnRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;

  private DrawnRandom(RandomGenerator source) {
    super(new Source(source), null);
  }

  static SecureRandom from(RandomGenerator source) {
    return source instanceof SecureRandom secure ? secure : new DrawnRandom(source);
  }

  private static final class Source extends SecureRandomSpi {
    private static final long serialVersionUID = 1L;

    private final transient RandomGenerator source;

    Source(RandomGenerator source) {
      this.source = source;
    }

    @Override
    protected void engineSetSeed(byte[] seed) {
      // What it draws is decided by whoever made the generator.
    }

    @Override
    protected void engineNextBytes(byte[] bytes) {
      source.nextBytes(bytes);
    }

    @Override
    protected byte[] engineGenerateSeed(int count) {
      byte[] seed = new byte[count];
      source.nextBytes(seed);
      return seed;
    }
  }
}
