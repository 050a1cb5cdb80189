package dev.lanewise.reports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a kernel's Javadoc says on its error and on its IEEE edges: the row of a table whose first cell names the method, else sentences of
 * the method's text, else of its class's.
 */
record Javadoc(String bound, String edges) {
  private static final Pattern COMMENT = Pattern.compile("/\\*\\*(.*?)\\*/\\s*((?:@\\w+\\s*)*public[^;{]*)", Pattern.DOTALL);
  private static final Pattern BOUND =
      Pattern.compile("gamma_|\\bulp\\b|[Ee]xact|round|[Ee]rror bound|[Ee]qual bits|[Nn]o arithmetic|\\bcopy\\b|bits of");
  /** The head of the cells that state a bound. */
  private static final String MAX_ERROR = "max error";

  private static final Pattern EDGES = Pattern.compile("NaN|[Ii]nfinit|subnormal|overflow|finite|signed zero|either sign");

  /** Reads the source of a kernel's door. */
  static Javadoc read(Path sources, String kernel) throws IOException {
    String door = kernel.substring(0, kernel.indexOf('.'));
    String method = kernel.substring(kernel.indexOf('.') + 1);
    String text = Files.readString(sources.resolve(door + ".java"));
    String ofClass = "";
    StringBuilder ofMethod = new StringBuilder();
    Matcher comment = COMMENT.matcher(text);
    while (comment.find()) {
      String declaration = comment.group(2);
      if (Pattern.compile("\\b(class|record)\\s+" + door + "\\b").matcher(declaration).find()) {
        ofClass = comment.group(1);
      } else if (Pattern.compile("\\b" + method + "\\s*\\(").matcher(declaration).find()) {
        // Not the tags: they say sizes and errors of the caller.
        ofMethod.append(comment.group(1).split("\n\\s*\\*\\s*@", 2)[0]).append("\n\n");
      }
    }
    Map<String, String> row = row(ofClass, method);
    String prose = plain(ofMethod.toString());
    String shared = plain(ofClass.replaceAll("(?s)<table>.*?</table>", ""));
    String bound = row.getOrDefault(MAX_ERROR, sentences(prose, shared, BOUND));
    row.remove(MAX_ERROR);
    row.values().removeIf(String::isEmpty);
    String edges = row.isEmpty()
        ? sentences(prose, shared, EDGES)
        : row.entrySet().stream().map(cell -> cell.getKey() + ": " + cell.getValue()).collect(Collectors.joining("; "));
    return new Javadoc(bound, edges);
  }

  private static String sentences(String method, String shared, Pattern about) {
    String own = pick(method, about);
    return own.isEmpty() ? pick(shared, about) : own;
  }

  private static String pick(String text, Pattern about) {
    return Stream.of(text.split("(?<=[.;])\\s+(?=[(A-Z])"))
        .filter(sentence -> about.matcher(sentence).find() && !sentence.startsWith("(Longer"))
        .map(String::strip)
        .collect(Collectors.joining(" "));
  }

  /** The cells of a table's row whose first cell lists the method, by their heads. */
  private static Map<String, String> row(String comment, String method) {
    Map<String, String> found = new LinkedHashMap<>();
    Matcher table = Pattern.compile("(?s)<table>(.*?)</table>").matcher(comment);
    if (table.find()) {
      List<List<String>> rows = Pattern.compile("(?s)<tr>(.*?)</tr>").matcher(table.group(1)).results()
          .map(
              each -> Pattern.compile("(?s)<t[dh]>(.*?)</t[dh]>").matcher(each.group(1)).results().map(cell -> plain(cell.group(1)))
                  .toList())
          .toList();
      for (List<String> cells : rows) {
        if (List.of(cells.get(0).split(", ")).contains(method)) {
          for (int i = 1; i < cells.size(); i++) {
            found.put(rows.get(0).get(i), cells.get(i));
          }
        }
      }
    }
    return found;
  }

  private static String plain(String javadoc) {
    return javadoc.replaceAll("(?m)^\\s*\\*", " ")
        .replaceAll("(?s)<pre>.*?</pre>", " ")
        .replaceAll("\\{@(?:code|link|value)\\s+#?([^}]*)}", "$1")
        .replaceAll("<[a-z/][^>]*>", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
        .replace("|", "\\|")
        .replaceAll("\\s+", " ")
        .strip();
  }
}
