package dev.culvert.stun;

import dev.culvert.stun.attribute.Attribute;
import dev.culvert.stun.attribute.AttributeType;
import dev.culvert.stun.attribute.ErrorCode;
import dev.culvert.stun.attribute.Fingerprint;
import dev.culvert.stun.attribute.MessageIntegrity;
import dev.culvert.stun.attribute.MessageIntegritySha256;
import dev.culvert.stun.attribute.UnknownAttribute;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A STUN message (RFC 8489 §5).
 *
 * @param messageClass request, indication, success or error
 * @param method what it is about
 * @param transactionId ties responses to requests
 * @param attributes in order; a decoded message holds only those that count, not those that a
 *     receiver must ignore because they follow the integrity attributes (§9)
 */
public record StunMessage(
    MessageClass messageClass,
    Method method,
    TransactionId transactionId,
    List<Attribute> attributes) {

  /** Copies the list. */
  public StunMessage {
    attributes = List.copyOf(attributes);
  }

  /** A request. */
  public static StunMessage request(
      Method method, TransactionId transactionId, Attribute... attributes) {
    return new StunMessage(MessageClass.REQUEST, method, transactionId, Arrays.asList(attributes));
  }

  /** An indication. */
  public static StunMessage indication(
      Method method, TransactionId transactionId, Attribute... attributes) {
    return new StunMessage(
        MessageClass.INDICATION, method, transactionId, Arrays.asList(attributes));
  }

  /** The success response to this request. */
  public StunMessage successResponse(Attribute... answer) {
    return new StunMessage(
        MessageClass.SUCCESS_RESPONSE, method, transactionId, Arrays.asList(answer));
  }

  /** The error response to this request, with the code's recommended reason. */
  public StunMessage errorResponse(int code, Attribute... more) {
    return errorResponse(ErrorCode.of(code), more);
  }

  /** The error response to this request. */
  public StunMessage errorResponse(ErrorCode error, Attribute... more) {
    return new StunMessage(MessageClass.ERROR_RESPONSE, method, transactionId, List.of(error))
        .with(more);
  }

  /** This message with {@code more} after its attributes. */
  public StunMessage with(Attribute... more) {
    List<Attribute> joined = new ArrayList<>(attributes);
    joined.addAll(Arrays.asList(more));
    return new StunMessage(messageClass, method, transactionId, joined);
  }

  /** This message without MESSAGE-INTEGRITY, MESSAGE-INTEGRITY-SHA256 and FINGERPRINT. */
  public StunMessage withoutProtection() {
    return new StunMessage(
        messageClass,
        method,
        transactionId,
        attributes.stream()
            .filter(
                attribute ->
                    !(attribute instanceof MessageIntegrity
                        || attribute instanceof MessageIntegritySha256
                        || attribute instanceof Fingerprint))
            .toList());
  }

  /** The first attribute of a kind: of several, only it counts (RFC 8489 §14). */
  public <A extends Attribute> Optional<A> first(Class<A> kind) {
    for (int i = 0; i < attributes.size(); i++) {
      if (kind.isInstance(attributes.get(i))) {
        return Optional.of(kind.cast(attributes.get(i)));
      }
    }
    return Optional.empty();
  }

  /** All attributes of a kind, for the few that may repeat, such as XOR-PEER-ADDRESS. */
  public <A extends Attribute> List<A> all(Class<A> kind) {
    return attributes.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Whether there is an attribute of a kind. */
  public boolean has(Class<? extends Attribute> kind) {
    return first(kind).isPresent();
  }

  /** The error code of an error response; empty if this is none or lacks it. */
  public Optional<ErrorCode> error() {
    return messageClass == MessageClass.ERROR_RESPONSE ? first(ErrorCode.class) : Optional.empty();
  }

  /**
   * The types of the comprehension-required attributes that this codec does not know, each once: a
   * request with one gets 420, anything else is dropped (RFC 8489 §6.3).
   */
  public List<Integer> unknownRequired() {
    return attributes.stream()
        .filter(UnknownAttribute.class::isInstance)
        .map(Attribute::type)
        .filter(AttributeType::isComprehensionRequired)
        .distinct()
        .toList();
  }

  /**
   * The types of the comprehension-required attributes outside {@code understood}, each once: for
   * usages that want to refuse what the codec can read and they cannot carry out.
   */
  public List<Integer> requiredOutside(Set<Integer> understood) {
    return attributes.stream()
        .map(Attribute::type)
        .filter(AttributeType::isComprehensionRequired)
        .filter(type -> !understood.contains(type))
        .distinct()
        .toList();
  }
}
