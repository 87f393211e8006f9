package dev.culvert.lab.kernel;

import dev.culvert.lab.LabException;
import dev.culvert.sansio.IpLiterals;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Remembers labs that outlive the program that made them: one small file each, in a directory that
 * only its user can write. Files whose lab has ended are removed whenever they are met.
 */
public final class LabStore {
  private static final String SUFFIX = ".lab";
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");

  private final Path directory;

  /**
   * A lab as it is remembered.
   *
   * @param holder its first process, or whoever is starting it
   * @param up whether it is up
   * @param addresses of each host and router
   */
  public record Entry(Holder holder, boolean up, Map<String, List<InetAddress>> addresses) {}

  private LabStore(Path directory) {
    this.directory = directory;
  }

  /** The store of the user that this program runs as. */
  public static LabStore ofUser() throws LabException {
    Platform.requireLinux();
    try {
      Object me = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
      String runtime = System.getenv("XDG_RUNTIME_DIR");
      Path base =
          runtime != null && mine(Path.of(runtime), me)
              ? Path.of(runtime).resolve("culvert-lab")
              : Path.of(System.getProperty("java.io.tmpdir")).resolve("culvert-lab-" + me);
      try {
        Files.createDirectory(base, PosixFilePermissions.asFileAttribute(OWNER));
      } catch (FileAlreadyExistsException e) {
        if (!mine(base, me)) {
          throw new LabException(base + " belongs to somebody else; remove it", e);
        }
        Files.setPosixFilePermissions(base, OWNER);
      }
      return new LabStore(base);
    } catch (LabException e) {
      throw e;
    } catch (IOException e) {
      throw new LabException("no place to remember labs in: " + e.getMessage(), e);
    }
  }

  private static boolean mine(Path path, Object me) throws IOException {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
        && Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS).equals(me);
  }

  /** Takes the name for a lab that is about to start. */
  public void reserve(String name) throws LabException {
    Holder self =
        Holder.of(
            ProcessStamp.of(ProcessHandle.current().pid())
                .orElseThrow(() -> new LabException("/proc does not show this process")),
            false);
    if (find(name).isPresent()) {
      throw new LabException(
          "a lab called '"
              + name
              + "' is up already; end it with: culvert lab down --name "
              + name);
    }
    try {
      Files.createFile(file(name));
      save(name, new Entry(self, false, Map.of()));
    } catch (FileAlreadyExistsException e) {
      throw new LabException("a lab called '" + name + "' is being started by somebody else", e);
    } catch (IOException e) {
      throw new LabException("cannot remember the lab: " + e.getMessage(), e);
    }
  }

  /** Remembers a lab under a name that was reserved. */
  public void save(String name, Entry entry) throws LabException {
    ProcessStamp stamp = entry.holder().stamp();
    List<String> lines = new ArrayList<>();
    lines.add("pid " + stamp.pid());
    lines.add("start " + stamp.start());
    lines.add("boot " + stamp.boot());
    lines.add("user " + entry.holder().userNamespace());
    lines.add("up " + entry.up());
    entry
        .addresses()
        .forEach(
            (host, addresses) ->
                lines.add(
                    "host "
                        + host
                        + addresses.stream()
                            .map(address -> " " + IpLiterals.format(address, false))
                            .collect(Collectors.joining())));
    try {
      Path fresh = directory.resolve(name + ".new");
      Files.write(fresh, lines);
      Files.move(fresh, file(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new LabException("cannot remember the lab: " + e.getMessage(), e);
    }
  }

  /** Forgets a lab. */
  public void remove(String name) throws LabException {
    try {
      Files.deleteIfExists(file(name));
    } catch (IOException e) {
      throw new LabException("cannot forget the lab: " + e.getMessage(), e);
    }
  }

  /** The lab of that name, or whoever is starting it; one that has ended is forgotten. */
  public Optional<Entry> find(String name) throws LabException {
    try {
      Optional<Entry> entry = read(Files.readAllLines(file(name)));
      if (entry.isPresent() && entry.get().holder().alive()) {
        return entry;
      }
      remove(name);
      return Optional.empty();
    } catch (java.nio.file.NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new LabException("cannot read what is known of the lab: " + e.getMessage(), e);
    }
  }

  /** The names of all labs that are up, sorted. */
  public List<String> names() throws LabException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(SUFFIX)) {
          names.add(name.substring(0, name.length() - SUFFIX.length()));
        }
      }
    } catch (IOException e) {
      throw new LabException("cannot read " + directory + ": " + e.getMessage(), e);
    }
    List<String> up = new ArrayList<>();
    for (String name : names) {
      if (find(name).filter(Entry::up).isPresent()) {
        up.add(name);
      }
    }
    return up;
  }

  private Path file(String name) {
    return directory.resolve(name + SUFFIX);
  }

  private static Optional<Entry> read(List<String> lines) {
    Map<String, String> values = new LinkedHashMap<>();
    Map<String, List<InetAddress>> addresses = new LinkedHashMap<>();
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("host") && words.length > 1) {
        addresses.put(
            words[1],
            Arrays.stream(words).skip(2).flatMap(word -> IpLiterals.parse(word).stream()).toList());
      } else if (words.length == 2) {
        values.put(words[0], words[1]);
      }
    }
    try {
      ProcessStamp stamp =
          new ProcessStamp(
              Long.parseLong(values.getOrDefault("pid", "")),
              Long.parseLong(values.getOrDefault("start", "")),
              values.getOrDefault("boot", ""));
      Holder holder = Holder.of(stamp, Boolean.parseBoolean(values.get("user")));
      return Optional.of(new Entry(holder, Boolean.parseBoolean(values.get("up")), addresses));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
