package dev.culvert.identity;

import dev.culvert.sansio.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * A peer's key in a file that nobody but its owner may read, where the file system knows who may.
 * Blocks while it reads and writes; safe for any thread.
 */
public final class PeerKeyFile {
  private static final int LONGEST = 64 << 10;
  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private PeerKeyFile() {}

  /**
   * Reads a key, in any form that {@link PeerKeyText} knows.
   *
   * @throws KeyFileException with one line that names the fault and the mend; a file that others
   *     may read is refused, too
   */
  public static PeerKey read(Path file) throws KeyFileException {
    try {
      if (isPosix(file)) {
        Set<PosixFilePermission> granted = EnumSet.noneOf(PosixFilePermission.class);
        granted.addAll(Files.getPosixFilePermissions(file));
        granted.retainAll(OTHERS);
        if (!granted.isEmpty()) {
          throw new KeyFileException(
              file + ": others may use this key; keep it to yourself (chmod 600 " + file + ")");
        }
      }
      try (InputStream in = Files.newInputStream(file)) {
        return PeerKeyText.read(Bytes.wrap(in.readNBytes(LONGEST + 1)), file.toString());
      }
    } catch (NoSuchFileException e) {
      throw new KeyFileException(file + ": there is no such file; make one, or name another", e);
    } catch (IOException e) {
      throw new KeyFileException(
          file + ": cannot be read; check whose it is and who may read it", e);
    }
  }

  /**
   * Writes a key to a new file.
   *
   * @throws KeyFileException with one line that names the fault and the mend; a file that is there
   *     already stays as it is
   */
  public static void write(PeerKey key, Path file) throws KeyFileException {
    FileAttribute<?>[] attributes =
        isPosix(file)
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)}
            : new FileAttribute<?>[0];
    Set<StandardOpenOption> fresh =
        EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel out = FileChannel.open(file, fresh, attributes)) {
      ByteBuffer text = StandardCharsets.UTF_8.encode(PeerKeyText.write(key));
      while (text.hasRemaining()) {
        out.write(text);
      }
      out.force(true);
    } catch (FileAlreadyExistsException e) {
      throw new KeyFileException(
          file + ": there is a file already, and a lost key is a lost peer; name another", e);
    } catch (IOException e) {
      throw new KeyFileException(
          file + ": cannot be written; name a file in a folder that is yours", e);
    }
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
