package dev.culvert.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.SegmentedDatagramPacket;
import java.net.InetSocketAddress;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Datagrams of one length to one remote that leave a socket together: as one buffer that the kernel
 * cuts (UDP_SEGMENT), until it refuses to, and then one by one. On the socket's loop only.
 */
final class Segments {
  /** The kernel takes 64, which is more than a path should get at once. */
  static final int MOST = 32;

  /** All together; the kernel takes no more than one datagram might have. */
  private static final int MOST_BYTES = 60_000;

  private static final int EIO = -5;
  private static final int EINVAL = -22;
  private static final int EMSGSIZE = -90;
  private static final int EOPNOTSUPP = -95;

  /** What a kernel or an interface says that does not cut, of which none was sent. */
  private static final Set<Integer> REFUSALS = Set.of(EIO, EINVAL, EMSGSIZE, EOPNOTSUPP);

  private boolean possible;

  /** Where the platform can have buffers cut, or cannot. */
  Segments(boolean possible) {
    this.possible = possible;
  }

  /** Whether the kernel cuts, as far as is known. */
  boolean arePossible() {
    return possible;
  }

  /** Whether one more of this length may join so many. */
  static boolean mayJoin(int length, int segment, int count) {
    return length > 0 && length <= segment && count < most(segment);
  }

  private static int most(int segment) {
    return Math.max(1, Math.min(MOST, MOST_BYTES / segment));
  }

  /**
   * Writes without a flush.
   *
   * @param data datagrams of {@code segment} bytes, of which the last may be shorter; the reference
   *     is taken
   * @param lost is told, for each datagram that was not sent, why
   */
  void write(
      Channel out, ByteBuf data, int segment, InetSocketAddress to, Consumer<Throwable> lost) {
    int most = possible ? segment * most(segment) : segment;
    while (data.readableBytes() > most) {
      writeOne(out, data.readRetainedSlice(most), segment, to, lost);
    }
    writeOne(out, data, segment, to, lost);
  }

  private void writeOne(
      Channel out, ByteBuf data, int segment, InetSocketAddress to, Consumer<Throwable> lost) {
    if (data.readableBytes() <= segment) {
      out.write(new DatagramPacket(data, to))
          .addListener(
              done -> {
                if (!done.isSuccess()) {
                  lost.accept(done.cause());
                }
              });
      return;
    }
    ByteBuf again = data.retainedDuplicate();
    out.write(new SegmentedDatagramPacket(data, segment, to))
        .addListener(
            done -> {
              if (done.isSuccess()) {
                again.release();
              } else if (isRefusal(done.cause())) {
                possible = false;
                write(out, again, segment, to, lost);
                out.flush();
              } else {
                int count = (again.readableBytes() + segment - 1) / segment;
                again.release();
                for (int i = 0; i < count; i++) {
                  lost.accept(done.cause());
                }
              }
            });
  }

  private static boolean isRefusal(Throwable failure) {
    return failure instanceof NativeIoException its && REFUSALS.contains(its.expectedErr());
  }
}
