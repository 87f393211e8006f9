package dev.culvert.ice4j;

import dev.culvert.sansio.TransportAddress;
import java.util.Optional;
import org.ice4j.attribute.Attribute;
import org.ice4j.attribute.ChangedAddressAttribute;
import org.ice4j.attribute.MappedAddressAttribute;
import org.ice4j.attribute.ReflectedFromAttribute;
import org.ice4j.attribute.ResponseAddressAttribute;
import org.ice4j.attribute.SourceAddressAttribute;
import org.ice4j.attribute.XorMappedAddressAttribute;

/** Reads the address out of an attribute of ice4j's, of which the common class is not public. */
final class Ice4jAddresses {
  private Ice4jAddresses() {}

  static Optional<TransportAddress> of(Attribute attribute, byte[] transactionId) {
    if (attribute instanceof XorMappedAddressAttribute xored) {
      return Optional.of(TransportAddress.of(xored.getAddress(transactionId)));
    }
    if (attribute instanceof MappedAddressAttribute mapped) {
      return Optional.of(TransportAddress.of(mapped.getAddress()));
    }
    if (attribute instanceof ChangedAddressAttribute changed) {
      return Optional.of(TransportAddress.of(changed.getAddress()));
    }
    if (attribute instanceof SourceAddressAttribute source) {
      return Optional.of(TransportAddress.of(source.getAddress()));
    }
    if (attribute instanceof ResponseAddressAttribute response) {
      return Optional.of(TransportAddress.of(response.getAddress()));
    }
    if (attribute instanceof ReflectedFromAttribute reflected) {
      return Optional.of(TransportAddress.of(reflected.getAddress()));
    }
    return Optional.empty();
  }
}
