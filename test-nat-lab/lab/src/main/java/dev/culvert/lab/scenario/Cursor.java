package dev.culvert.lab.scenario;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Goes through the words of one line. */
final class Cursor {
  private static final String NAME = "[a-z][a-z0-9-]{0,11}";
  private static final List<String> RESERVED = List.of("internet", "wire");

  private final String line;
  private final List<Word> words;
  private int at;

  Cursor(String line) {
    this.line = line;
    this.words = Words.of(line);
  }

  boolean hasMore() {
    return at < words.size();
  }

  /** The next word, whatever it is; {@code expected} says what should be there. */
  Word next(String... expected) {
    if (!hasMore()) {
      throw LineFault.ending(column(), Arrays.asList(expected));
    }
    return words.get(at++);
  }

  /** The next word without taking it. */
  Word peek(String expected, Collection<String> orOneOf) {
    List<String> all = new ArrayList<>(List.of(expected));
    all.addAll(orOneOf);
    Word word = next(all.toArray(new String[0]));
    at--;
    return word;
  }

  /** Where the next word begins, or would. */
  int column() {
    return hasMore() ? words.get(at).column() : line.stripTrailing().length() + 1;
  }

  /** Takes the next word if it is this one. */
  boolean take(String keyword) {
    boolean there = nextIs(keyword);
    at += there ? 1 : 0;
    return there;
  }

  /** Whether the next word is this one. */
  boolean nextIs(String keyword) {
    return hasMore() && !words.get(at).quoted() && words.get(at).text().equals(keyword);
  }

  /** The next word, which must be this one. */
  void expect(String keyword) {
    Word word = next(keyword);
    if (word.quoted() || !word.text().equals(keyword)) {
      throw LineFault.expecting(word, List.of(keyword));
    }
  }

  /** A name that hosts and routers can have. */
  Word name(String what) {
    Word word = next(what);
    if (word.quoted() || !word.text().matches(NAME)) {
      throw LineFault.expecting(
          word, List.of(what + " (a letter, then at most 11 of a-z, 0-9 and '-')"));
    }
    if (RESERVED.contains(word.text())) {
      throw LineFault.saying(word.column(), "'" + word.text() + "' is the lab's own name");
    }
    return word;
  }

  /** The next word, which must be one of {@code known}. */
  Word oneOf(List<String> known) {
    Word word = next(known.toArray(new String[0]));
    if (word.quoted() || !known.contains(word.text())) {
      throw LineFault.expecting(word, known);
    }
    return word;
  }

  /** All words that are left, at least one. */
  List<Word> all(String what) {
    List<Word> rest = new ArrayList<>();
    rest.add(next(what));
    while (hasMore()) {
      rest.add(next());
    }
    return rest;
  }

  /** All that is left as it was written, at least one word. */
  String text(String what) {
    List<Word> rest = all(what);
    return line.substring(rest.get(0).column() - 1, rest.get(rest.size() - 1).end() - 1);
  }

  /** The line as it was written, without its comment. */
  String whole() {
    Word last = words.get(words.size() - 1);
    return line.substring(words.get(0).column() - 1, last.end() - 1);
  }

  /** Refuses any further word. */
  void end() {
    if (hasMore()) {
      throw LineFault.expecting(words.get(at), List.of("nothing more"));
    }
  }

  /** Refuses any further word that is none of {@code further}. */
  void endExpecting(List<String> further) {
    if (hasMore()) {
      throw LineFault.expecting(words.get(at), further);
    }
  }
}
