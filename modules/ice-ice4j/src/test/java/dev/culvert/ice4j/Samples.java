package dev.culvert.ice4j;

import dev.culvert.sansio.Bytes;
import dev.culvert.sansio.IpLiterals;
import dev.culvert.sansio.TransportAddress;
import dev.culvert.stun.MessageClass;
import dev.culvert.stun.Method;
import dev.culvert.stun.StunMessage;
import dev.culvert.stun.TransactionId;
import dev.culvert.stun.attribute.AlternateServer;
import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.ChangeRequest;
import dev.culvert.stun.attribute.ChangedAddress;
import dev.culvert.stun.attribute.ChannelNumber;
import dev.culvert.stun.attribute.ConnectionId;
import dev.culvert.stun.attribute.Data;
import dev.culvert.stun.attribute.DontFragment;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.IceControlled;
import dev.culvert.stun.attribute.IceControlling;
import dev.culvert.stun.attribute.Lifetime;
import dev.culvert.stun.attribute.MappedAddress;
import dev.culvert.stun.attribute.Nonce;
import dev.culvert.stun.attribute.Priority;
import dev.culvert.stun.attribute.Realm;
import dev.culvert.stun.attribute.ReflectedFrom;
import dev.culvert.stun.attribute.RequestedTransport;
import dev.culvert.stun.attribute.ReservationToken;
import dev.culvert.stun.attribute.ResponseAddress;
import dev.culvert.stun.attribute.Software;
import dev.culvert.stun.attribute.SourceAddress;
import dev.culvert.stun.attribute.UnknownAttributes;
import dev.culvert.stun.attribute.UseCandidate;
import dev.culvert.stun.attribute.Username;
import dev.culvert.stun.attribute.XorMappedAddress;
import dev.culvert.stun.attribute.XorPeerAddress;
import dev.culvert.stun.attribute.XorRelayedAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Random messages of attributes that ice4j knows, each at most once: it keeps one of a kind.
 * REQUESTED-ADDRESS-FAMILY and EVEN-PORT are not among them: ice4j takes the one to be one byte
 * long and reads the other only if it has four.
 */
final class Samples {
  private Samples() {}

  static StunMessage message(Random random) {
    List<Attribute> all = attributes(random);
    Collections.shuffle(all, random);
    Method[] methods = {
      Method.BINDING,
      Method.ALLOCATE,
      Method.REFRESH,
      Method.CREATE_PERMISSION,
      Method.CHANNEL_BIND,
      Method.CONNECT
    };
    // Requests and responses: ice4j signs no indications.
    MessageClass[] classes = {
      MessageClass.REQUEST, MessageClass.SUCCESS_RESPONSE, MessageClass.ERROR_RESPONSE
    };
    return new StunMessage(
        classes[random.nextInt(classes.length)],
        methods[random.nextInt(methods.length)],
        TransactionId.random(random),
        all.subList(0, random.nextInt(9)));
  }

  private static List<Attribute> attributes(Random random) {
    List<Attribute> all = new ArrayList<>();
    all.add(new MappedAddress(address(random)));
    all.add(new ResponseAddress(address(random)));
    all.add(new SourceAddress(address(random)));
    all.add(new ChangedAddress(address(random)));
    all.add(new ReflectedFrom(address(random)));
    all.add(new XorMappedAddress(address(random)));
    all.add(new XorPeerAddress(address(random)));
    all.add(new XorRelayedAddress(address(random)));
    all.add(new AlternateServer(address(random)));
    all.add(new ChangeRequest(random.nextBoolean(), random.nextBoolean()));
    all.add(new Username(text(random)));
    all.add(new Realm(text(random)));
    all.add(new Nonce(text(random)));
    all.add(new Software(text(random)));
    all.add(new ErrorCode(300 + random.nextInt(400), text(random)));
    all.add(new UnknownAttributes(List.of(random.nextInt(65_536), random.nextInt(65_536))));
    all.add(new ChannelNumber(0x4000 + random.nextInt(0x1000)));
    all.add(new Lifetime(random.nextInt(Integer.MAX_VALUE)));
    all.add(new Data(bytes(random, random.nextInt(100))));
    all.add(new RequestedTransport(RequestedTransport.UDP));
    all.add(new DontFragment());
    all.add(new ReservationToken(bytes(random, 8)));
    all.add(new Priority(1 + random.nextInt(Integer.MAX_VALUE - 1)));
    all.add(new UseCandidate());
    all.add(new IceControlled(random.nextLong()));
    all.add(new IceControlling(random.nextLong()));
    all.add(new ConnectionId(random.nextInt(Integer.MAX_VALUE)));
    return all;
  }

  static TransportAddress address(Random random) {
    Bytes ip = bytes(random, random.nextBoolean() ? 4 : 16);
    return new TransportAddress(IpLiterals.ofBytes(ip), 1 + random.nextInt(65_535));
  }

  private static Bytes bytes(Random random, int length) {
    byte[] array = new byte[length];
    random.nextBytes(array);
    return Bytes.wrap(array);
  }

  /** ice4j pads text of 4n + 3 bytes by three and runs over the end of a message. */
  private static String text(Random random) {
    String text = "\u30de text ".repeat(1 + random.nextInt(3)) + "x".repeat(random.nextInt(9));
    return Bytes.utf8(text).length() % 4 == 3 ? text + "y" : text;
  }

  static Optional<TransportAddress> addressOf(Attribute attribute) {
    if (attribute instanceof XorMappedAddress xored) {
      return Optional.of(xored.address());
    }
    if (attribute instanceof XorPeerAddress xored) {
      return Optional.of(xored.address());
    }
    if (attribute instanceof XorRelayedAddress xored) {
      return Optional.of(xored.address());
    }
    if (attribute instanceof MappedAddress mapped) {
      return Optional.of(mapped.address());
    }
    if (attribute instanceof AlternateServer alternate) {
      return Optional.of(alternate.address());
    }
    if (attribute instanceof ResponseAddress response) {
      return Optional.of(response.address());
    }
    if (attribute instanceof SourceAddress source) {
      return Optional.of(source.address());
    }
    if (attribute instanceof ChangedAddress changed) {
      return Optional.of(changed.address());
    }
    if (attribute instanceof ReflectedFrom reflected) {
      return Optional.of(reflected.address());
    }
    return Optional.empty();
  }
}
