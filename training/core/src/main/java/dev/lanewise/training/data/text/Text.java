package dev.lanewise.training.data.text;

import java.util.List;

/**
 * A text and what it is.
 *
 * @param name "tinyshakespeare", "synthetic" or a file's name; shown beside every figure that comes from it
 * @param content not empty
 */
public record Text(String name, String content) {

  public Text {
    if (content.isEmpty()) {
      throw new IllegalArgumentException("Text: '" + name + "' is empty; at least one character is needed");
    }
  }

  /** The lines that hold more than blanks, without their ends and without blanks around them. */
  public List<String> lines() {
    return content.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }
}
