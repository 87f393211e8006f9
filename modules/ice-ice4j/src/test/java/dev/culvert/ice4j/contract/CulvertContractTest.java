package dev.culvert.ice4j.contract;

import dev.culvert.ice.engine.IceFeature;
import java.util.EnumSet;
import java.util.Set;

class CulvertContractTest extends IceEngineContract {
  @Override
  Kind kind() {
    return Kind.CULVERT;
  }

  @Override
  Set<IceFeature> features() {
    return EnumSet.complementOf(EnumSet.of(IceFeature.COMPONENTS));
  }
}
