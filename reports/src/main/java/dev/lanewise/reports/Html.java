package dev.lanewise.reports;

import java.util.List;

/** Text that grows into a page; whatever comes from a file is escaped on its way in. */
final class Html {
  private final StringBuilder out = new StringBuilder(1 << 16);

  /** As HTML, for attributes and text alike. */
  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
  }

  /** Markup as it is. */
  Html raw(String markup) {
    out.append(markup);
    return this;
  }

  /** An element that holds text. */
  Html element(String name, String text) {
    out.append('<').append(name).append('>').append(escape(text)).append("</").append(name).append(">\n");
    return this;
  }

  /** The heads of a table; what follows are its rows. The first column is text, the others numbers. */
  Html openTable(List<String> heads) {
    out.append("<div class=\"wide\"><table><thead><tr>");
    heads.forEach(head -> out.append("<th>").append(escape(head)).append("</th>"));
    out.append("</tr></thead><tbody>\n");
    return this;
  }

  /** A row of texts. */
  Html row(List<String> cells) {
    out.append("<tr>");
    cells.forEach(cell -> out.append("<td>").append(escape(cell)).append("</td>"));
    out.append("</tr>\n");
    return this;
  }

  Html closeTable() {
    return raw("</tbody></table></div>\n");
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
