package dev.culvert.lab.scenario;

import dev.culvert.lab.kernel.Topology;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads scenario files. */
public final class ScenarioParser {
  private static final int LONGEST = 1 << 20;
  private static final int MOST_PROBLEMS = 20;
  private static final Map<String, Statement> STATEMENTS = statements();
  private static final Map<String, Statement> STEPS = StepStatements.all();

  private ScenarioParser() {}

  private static Map<String, Statement> statements() {
    Map<String, Statement> all = new LinkedHashMap<>();
    all.put(
        "scenario", (keyword, line, draft) -> draft.title(keyword, line.text("what it is called")));
    all.put("only", TopologyStatements::only);
    all.put(
        "seed",
        (keyword, line, draft) ->
            draft.seed(
                keyword, Values.number(line, "a seed", Long.MIN_VALUE / 16, Long.MAX_VALUE / 16)));
    all.put("addresses", TopologyStatements::addresses);
    all.put("server", TopologyStatements::server);
    all.put("nat", RouterStatements::nat);
    all.put("firewall", RouterStatements::firewall);
    all.put("router", RouterStatements::router);
    all.put("host", TopologyStatements::host);
    all.put("home", TopologyStatements::home);
    all.put("link", TopologyStatements::link);
    return all;
  }

  /**
   * Reads a scenario.
   *
   * @param file what to call it in messages and results
   * @throws ScenarioFault if it cannot be understood, whatever it holds
   */
  public static Scenario parse(String file, String text) throws ScenarioFault {
    if (text.length() > LONGEST) {
      throw fault(file, "a scenario has at most " + LONGEST + " characters");
    }
    String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
    Draft draft = new Draft();
    List<ScenarioFault.Problem> problems = new ArrayList<>();
    String[] lines = plain.split("\\r\\n|\\n|\\r", -1);
    for (int i = 0; i < lines.length && problems.size() < MOST_PROBLEMS; i++) {
      draft.at(i + 1);
      try {
        read(lines[i], draft);
      } catch (LineFault e) {
        problems.add(e.in(file, i + 1));
      } catch (IllegalArgumentException e) {
        int column = lines[i].length() - lines[i].stripLeading().length() + 1;
        LineFault whole = LineFault.saying(column, String.valueOf(e.getMessage()));
        problems.add(whole.in(file, i + 1));
      }
    }
    problems.addAll(draft.problems(file));
    if (!problems.isEmpty()) {
      problems.sort(
          Comparator.comparingInt(ScenarioFault.Problem::line)
              .thenComparingInt(ScenarioFault.Problem::column));
      throw new ScenarioFault(problems);
    }
    try {
      Scenario scenario = draft.build(file);
      Topology.of(scenario.topology());
      return scenario;
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      LineFault whole = LineFault.saying(1, message);
      throw new ScenarioFault(List.of(whole.in(file, draft.lineAbout(message))));
    }
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read
   * @throws ScenarioFault if it cannot be understood, whatever it holds
   */
  public static Scenario read(Path file) throws IOException, ScenarioFault {
    if (Files.size(file) > LONGEST) {
      throw fault(file.toString(), "a scenario has at most " + LONGEST + " characters");
    }
    byte[] content = Files.readAllBytes(file);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      return parse(file.toString(), text);
    } catch (CharacterCodingException e) {
      throw fault(file.toString(), "this is no text in UTF-8");
    }
  }

  private static void read(String text, Draft draft) {
    Cursor line = new Cursor(text);
    if (!line.hasMore()) {
      return;
    }
    Word keyword = line.next();
    boolean first = !draft.hasSteps();
    Statement step = STEPS.get(keyword.text());
    Statement statement = first ? STATEMENTS.get(keyword.text()) : null;
    Statement chosen = statement == null ? step : statement;
    if (keyword.quoted() || chosen == null) {
      if (STATEMENTS.containsKey(keyword.text()) && !keyword.quoted()) {
        throw LineFault.saying(
            keyword.column(), "a line '" + keyword.text() + "' belongs above the first step");
      }
      List<String> known = new ArrayList<>(first ? STATEMENTS.keySet() : List.of());
      STEPS.keySet().stream().filter(word -> !known.contains(word)).forEach(known::add);
      throw LineFault.expecting(keyword, known);
    }
    chosen.read(keyword, line, draft);
    line.end();
  }

  private static ScenarioFault fault(String file, String message) {
    return new ScenarioFault(List.of(LineFault.saying(1, message).in(file, 1)));
  }
}
