package dev.culvert.cli.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * What tells that files were changed, or others put in their place: where they really are, which
 * ones, how long and since when. Symbolic links are followed, so that exchanging one shows.
 *
 * @param each a text for each file
 */
record FileState(List<String> each) {
  static FileState of(List<Path> files) {
    return new FileState(files.stream().map(FileState::of).toList());
  }

  private static String of(Path file) {
    try {
      Path real = file.toRealPath();
      BasicFileAttributes now = Files.readAttributes(real, BasicFileAttributes.class);
      return real + " " + now.fileKey() + " " + now.size() + " " + now.lastModifiedTime();
    } catch (IOException e) {
      return e.getClass().getName();
    }
  }
}
