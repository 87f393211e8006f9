package dev.culvert.identity;

import dev.culvert.sansio.Bytes;
import java.math.BigInteger;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.agreement.jpake.JPAKEParticipant;
import org.bouncycastle.crypto.agreement.jpake.JPAKEPrimeOrderGroup;
import org.bouncycastle.crypto.agreement.jpake.JPAKEPrimeOrderGroups;
import org.bouncycastle.crypto.agreement.jpake.JPAKERound1Payload;
import org.bouncycastle.crypto.agreement.jpake.JPAKERound2Payload;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.util.BigIntegers;

/**
 * One side of an exchange that makes a strong secret of a weak password: J-PAKE (RFC 8236) in the
 * group of 3072 bits that its §2.1 refers to. Whoever listens learns nothing; whoever takes part
 * can try one password an exchange, and cannot go on trying by itself afterwards.
 *
 * <p>Each side gives its {@link #first} to the other, answers with {@link #second}, and {@link
 * #finish}es. Both have the same secret then if, and only if, they had the same password, which
 * {@link SharedSecret#confirms} shows.
 *
 * <p>Confined to one thread. It takes some tens of milliseconds a step. No byte from the other side
 * makes it throw.
 */
public final class PasswordExchange {
  /** The bytes of {@link #first}: two elements, and a proof for each. */
  public static final int FIRST = 2 * Part.ELEMENT + 2 * Part.PROOF;

  /** The bytes of {@link #second}: an element and its proof. */
  public static final int SECOND = Part.ELEMENT + Part.PROOF;

  private static final JPAKEPrimeOrderGroup GROUP = JPAKEPrimeOrderGroups.NIST_3072;

  /** Who is who: the two sides differ in nothing else. */
  public enum Role {
    /** Who made up the password. */
    HOST("host"),
    /** Who was told. */
    GUEST("guest");

    private final String word;

    Role(String word) {
      this.word = word;
    }

    Role other() {
      return this == HOST ? GUEST : HOST;
    }

    String word() {
      return word;
    }
  }

  private enum Step {
    SECOND,
    FINISH,
    OVER
  }

  private final Role role;
  private final String context;
  private final JPAKEParticipant own;
  private final Bytes ownFirst;
  private Bytes theirFirst = Bytes.empty();
  private Bytes ownSecond = Bytes.empty();
  private Step step = Step.SECOND;

  /**
   * A side of a new exchange.
   *
   * @param context what it is for, and in which of its cases, in ASCII: both sides have to have the
   *     same
   * @param password 1 to 32 bytes as UTF-8
   * @param random a {@link java.security.SecureRandom} for anything but a simulation
   */
  public PasswordExchange(Role role, String context, String password, RandomGenerator random) {
    int length = Bytes.utf8(password).length();
    if (length < 1 || length > 32) {
      throw new IllegalArgumentException("a password has 1 to 32 bytes, not " + length);
    }
    this.role = role;
    this.context = context;
    this.own =
        new JPAKEParticipant(
            name(role),
            password.toCharArray(),
            GROUP,
            SHA256Digest.newInstance(),
            DrawnRandom.from(random));
    JPAKERound1Payload first = own.createRound1PayloadToSend();
    this.ownFirst =
        Part.element(first.getGx1())
            .concat(Part.element(first.getGx2()))
            .concat(Part.proof(first.getKnowledgeProofForX1()))
            .concat(Part.proof(first.getKnowledgeProofForX2()));
  }

  /** It is part of what is proven, so a message that is sent back to its sender proves nothing. */
  private String name(Role of) {
    return context + "/" + of.word();
  }

  /** What the other side gets at first, {@value #FIRST} bytes. */
  public Bytes first() {
    return ownFirst;
  }

  /**
   * What the other side gets then.
   *
   * @param theirs its {@link #first}
   * @return {@value #SECOND} bytes; empty if {@code theirs} is none, after which the exchange is
   *     over
   * @throws IllegalStateException if it was called before
   */
  public Optional<Bytes> second(Bytes theirs) {
    proceed(Step.SECOND, Step.FINISH);
    try {
      Part in = new Part(theirs, FIRST);
      BigInteger gx1 = in.element();
      BigInteger gx2 = in.element();
      own.validateRound1PayloadReceived(
          new JPAKERound1Payload(name(role.other()), gx1, gx2, in.proof(), in.proof()));
      JPAKERound2Payload second = own.createRound2PayloadToSend();
      theirFirst = theirs;
      ownSecond = Part.element(second.getA()).concat(Part.proof(second.getKnowledgeProofForX2s()));
      return Optional.of(ownSecond);
    } catch (CryptoException | RuntimeException e) {
      step = Step.OVER;
      return Optional.empty();
    }
  }

  /**
   * The secret of the two, if they had the same password; a secret that nobody else has if not.
   *
   * @param theirs the other side's {@link #second}
   * @return empty if {@code theirs} is none, after which the exchange is over
   * @throws IllegalStateException unless {@link #second} went well, and if it was called before
   */
  public Optional<SharedSecret> finish(Bytes theirs) {
    proceed(Step.FINISH, Step.OVER);
    try {
      Part in = new Part(theirs, SECOND);
      own.validateRound2PayloadReceived(
          new JPAKERound2Payload(name(role.other()), in.element(), in.proof()));
      Bytes key = Part.element(own.calculateKeyingMaterial());
      Bytes said =
          role == Role.HOST
              ? ownFirst.concat(theirFirst).concat(ownSecond).concat(theirs)
              : theirFirst.concat(ownFirst).concat(theirs).concat(ownSecond);
      return Optional.of(SharedSecret.of(role, key, said));
    } catch (CryptoException | RuntimeException e) {
      return Optional.empty();
    }
  }

  private void proceed(Step from, Step to) {
    if (step != from) {
      throw new IllegalStateException("it is the turn of " + step + ", not of " + from);
    }
    step = to;
  }

  /** The parts of a message, one after the other, each in the only form that it has. */
  private static final class Part {
    /** The bytes of a number modulo p. */
    private static final int ELEMENT = 384;

    /** The bytes of a number modulo q. */
    private static final int EXPONENT = 32;

    /** The bytes of a proof (RFC 8235): an element and a number modulo q. */
    private static final int PROOF = ELEMENT + EXPONENT;

    private final Bytes message;
    private int at;

    Part(Bytes message, int length) {
      if (message.length() != length) {
        throw new IllegalArgumentException("it has " + message.length() + " bytes");
      }
      this.message = message;
    }

    static Bytes element(BigInteger value) {
      return Bytes.wrap(BigIntegers.asUnsignedByteArray(ELEMENT, value));
    }

    static Bytes proof(BigInteger[] proof) {
      return element(proof[0])
          .concat(Bytes.wrap(BigIntegers.asUnsignedByteArray(EXPONENT, proof[1])));
    }

    BigInteger element() {
      BigInteger value = next(ELEMENT);
      if (value.compareTo(BigInteger.ONE) <= 0 || value.compareTo(GROUP.getP()) >= 0) {
        throw new IllegalArgumentException("that is no element of the group");
      }
      return value;
    }

    BigInteger[] proof() {
      BigInteger commitment = element();
      BigInteger response = next(EXPONENT);
      if (response.compareTo(GROUP.getQ()) >= 0) {
        throw new IllegalArgumentException("that is no proof");
      }
      return new BigInteger[] {commitment, response};
    }

    private BigInteger next(int length) {
      BigInteger value = new BigInteger(1, message.slice(at, at + length).toByteArray());
      at += length;
      return value;
    }
  }
}
