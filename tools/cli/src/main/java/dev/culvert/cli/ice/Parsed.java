package dev.culvert.cli.ice;

import dev.culvert.ice.text.IceDescription;
import dev.culvert.ice.text.IceJson;
import dev.culvert.ice.text.IceSdp;
import dev.culvert.ice.text.IceTextException;

/** Reads what other programs may have written, too. */
final class Parsed {
  private Parsed() {}

  static IceDescription json(String text) throws DamagedException {
    try {
      return IceJson.parse(text);
    } catch (IceTextException e) {
      throw new DamagedException("the description is damaged: " + e.getMessage());
    }
  }

  static IceDescription sdp(String text) throws DamagedException {
    try {
      return IceSdp.parse(text);
    } catch (IceTextException e) {
      throw new DamagedException("the description is damaged: " + e.getMessage());
    }
  }
}
