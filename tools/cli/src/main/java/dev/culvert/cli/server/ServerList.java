package dev.culvert.cli.server;

import dev.culvert.cli.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads which servers are meant: names, and files with a name a line. */
final class ServerList {
  private static final int LONGEST_FILE = 1 << 20;

  private ServerList() {}

  /**
   * The servers that the words name: a word that is a file, or looks like the path of one, is read;
   * {@code -} is standard input.
   *
   * @throws Fault if a file cannot be read or a name is none
   */
  static List<ServerArgument> read(List<String> words, InputStream standardInput) {
    List<ServerArgument> servers = new ArrayList<>();
    for (String word : words) {
      if (word.equals("-")) {
        addLines("standard input", text("standard input", standardInput), servers);
      } else if (isFile(word)) {
        addLines(word, text(word), servers);
      } else {
        servers.add(ServerArgument.parse(word));
      }
    }
    if (servers.isEmpty()) {
      throw Fault.usage("the list names no server", "write one a line: HOST, HOST:PORT or a URI");
    }
    return servers;
  }

  private static boolean isFile(String word) {
    try {
      return (word.contains("/") && !word.contains("://"))
          || word.contains("\\")
          || Files.isRegularFile(Path.of(word));
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static void addLines(String source, String text, List<ServerArgument> servers) {
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      int comment = line.indexOf('#');
      String word = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (word.isEmpty()) {
        continue;
      }
      try {
        servers.add(ServerArgument.parse(word));
      } catch (Fault fault) {
        throw Fault.usage("line " + number + " of " + source + ": " + fault.fault(), fault.mend());
      }
    }
  }

  private static String text(String file) {
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      return text(file, in);
    } catch (IOException e) {
      throw Fault.usage("the file '" + file + "' cannot be read", "name one that can");
    }
  }

  private static String text(String source, InputStream in) {
    try {
      byte[] bytes = in.readNBytes(LONGEST_FILE + 1);
      if (bytes.length > LONGEST_FILE) {
        throw Fault.usage(source + " is no list of servers: it is too long", "name another");
      }
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw Fault.usage(source + " cannot be read", "name a file that can");
    }
  }
}
