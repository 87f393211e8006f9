package dev.culvert.identity;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/**
 * The points of keys that were found good lately, as finding that out takes as long as a signature.
 */
final class Points {
  private static final int MOST = 256;

  private final Map<PeerId, Ed25519.PublicPoint> good =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<PeerId, Ed25519.PublicPoint> eldest) {
          return size() > MOST;
        }
      };

  /** The point of a key; null for bytes that are none, see {@link PeerId#isGood}. */
  Ed25519.@Nullable PublicPoint of(PeerId id) {
    synchronized (good) {
      Ed25519.PublicPoint known = good.get(id);
      if (known != null) {
        return known;
      }
    }
    Ed25519.PublicPoint point = Ed25519.validatePublicKeyFullExport(id.key().toByteArray(), 0);
    if (point != null) {
      synchronized (good) {
        good.put(id, point);
      }
    }
    return point;
  }
}
