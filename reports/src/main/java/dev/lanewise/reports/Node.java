package dev.lanewise.reports;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value of a JSON file that knows where it stands, so that a complaint can name file and path.
 *
 * @param value a {@code Map<String, Node>}, a {@code List<Node>}, a String, a Double, a Boolean, or null
 */
record Node(String file, String path, @Nullable Object value) {
  /** Reads a whole file. */
  static Node read(String file, Reader text) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      if (parser.nextToken() == null) {
        throw new ReportException(file, "is empty; expected the JSON of a benchmark or of a training", null);
      }
      Node root = new Node(file, "", value(file, "", parser));
      if (parser.nextToken() != null) {
        throw new ReportException(file, "goes on after the end of its JSON, at " + place(parser), null);
      }
      return root;
    } catch (JsonProcessingException e) {
      String where = e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr();
      throw new ReportException(file, "is not whole JSON" + where + ": " + e.getOriginalMessage(), e);
    }
  }

  private static String place(JsonParser parser) {
    return "line " + parser.currentTokenLocation().getLineNr() + ", column " + parser.currentTokenLocation().getColumnNr();
  }

  private static @Nullable Object value(String file, String path, JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> object(file, path, parser);
      case START_ARRAY -> array(file, path, parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new ReportException(file, "unexpected " + token + " at " + place(parser), null);
    };
  }

  private static Map<String, Node> object(String file, String path, JsonParser parser) throws IOException {
    Map<String, Node> members = new LinkedHashMap<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      String inner = path.isEmpty() ? name : path + "." + name;
      members.put(name, new Node(file, inner, value(file, inner, parser)));
    }
    return members;
  }

  private static List<Node> array(String file, String path, JsonParser parser) throws IOException {
    List<Node> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String inner = path + "[" + elements.size() + "]";
      elements.add(new Node(file, inner, value(file, inner, parser)));
    }
    return elements;
  }

  /** The name of the file without its folders, for pages that others read. */
  String fileName() {
    return file.substring(1 + Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')));
  }

  boolean isList() {
    return value instanceof List<?>;
  }

  boolean isNull() {
    return value == null;
  }

  /** Whether this is an object with such a member. */
  boolean has(String name) {
    return value instanceof Map<?, ?> members && members.containsKey(name);
  }

  /** The names of the members, in their order; none if there are no members. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    if (value instanceof Map<?, ?> members) {
      members.keySet().forEach(name -> names.add((String) name));
    }
    return names;
  }

  /** A member that must be there. */
  Node get(String name) throws ReportException {
    if (value instanceof Map<?, ?> members && members.get(name) instanceof Node member) {
      return member;
    }
    throw new ReportException(file, (path.isEmpty() ? "the whole" : path) + " has no \"" + name + "\"", null);
  }

  List<Node> elements() throws ReportException {
    if (!(value instanceof List<?> list)) {
      throw wrong("a list");
    }
    List<Node> elements = new ArrayList<>();
    list.forEach(element -> elements.add((Node) element));
    return elements;
  }

  String text() throws ReportException {
    if (value instanceof String text) {
      return text;
    }
    throw wrong("a text");
  }

  /** A number; JMH writes those that are none as the text NaN. */
  double number() throws ReportException {
    if (value instanceof Double number) {
      return number;
    }
    if ("NaN".equals(value)) {
      return Double.NaN;
    }
    throw wrong("a number");
  }

  private ReportException wrong(String wanted) {
    return new ReportException(file, path + " is not " + wanted + " but " + (value == null ? "null" : "\"" + value + "\""), null);
  }
}
