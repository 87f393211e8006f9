package dev.culvert.ice4j.contract;

import dev.culvert.ice.engine.IceFeature;
import java.util.EnumSet;
import java.util.Set;

class Ice4jContractTest extends IceEngineContract {
  @Override
  Kind kind() {
    return Kind.ICE4J;
  }

  @Override
  Set<IceFeature> features() {
    return EnumSet.of(IceFeature.RESTART, IceFeature.TRICKLE, IceFeature.CONSENT);
  }
}
