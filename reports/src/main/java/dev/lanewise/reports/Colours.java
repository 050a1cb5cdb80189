package dev.lanewise.reports;

import java.util.List;
import java.util.Map;

/** A colour for each contender, the same in every chart; they can be told apart with any colour vision (Okabe and Ito, 2008). */
final class Colours {
  private static final Map<String, String> KNOWN = Map.of(
      Figure.OURS, "#0072b2", "openblas-jni", "#d55e00", "openblas-ffm", "#e69f00", "mkl", "#009e73", "onnxruntime", "#009e73",
      "vectorblas", "#cc79a7", "ejml", "#56b4e9", "ojalgo", "#f0e442", "plain-java", "#8c8c8c");
  private static final List<String> OTHERS = List.of("#7a5195", "#ef5675", "#665c54", "#3c8d5a");

  private Colours() {}

  static String of(String who) {
    String known = KNOWN.get(who);
    return known != null ? known : OTHERS.get(Math.floorMod(who.hashCode(), OTHERS.size()));
  }

  /** Who is who, as markup. */
  static String legend(List<String> contenders, String limit) {
    StringBuilder out = new StringBuilder("<p class=\"legend\">");
    for (String who : contenders) {
      out.append("<span><i style=\"background:").append(of(who)).append("\"></i>").append(Html.escape(who)).append("</span>");
    }
    if (!limit.isEmpty()) {
      out.append("<span><i class=\"limit\"></i>").append(Html.escape(limit)).append("</span>");
    }
    return out.append("</p>\n").toString();
  }
}
