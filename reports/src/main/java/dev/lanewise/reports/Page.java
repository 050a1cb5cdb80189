package dev.lanewise.reports;

import java.util.List;

/** The whole page: one file without links to others. */
final class Page {
  private static final String STYLE = """
      :root { color-scheme: light dark; --text: #1c1e21; --soft: #5b6068; --line: #d9dce1; --back: #ffffff; --band: #f5f6f8; }
      @media (prefers-color-scheme: dark) {
        :root { --text: #e6e7e9; --soft: #a2a7af; --line: #3a3e45; --back: #17191c; --band: #1f2226; }
      }
      body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--back); max-width: 1100px; margin: 2em auto;
        padding: 0 1em; }
      h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 2em; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
      .wide { overflow-x: auto; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; margin: 0.8em 0; }
      th { text-align: right; color: var(--soft); font-weight: 600; }
      th, td { padding: 2px 9px; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
      th:first-child, td:first-child { text-align: left; }
      tbody tr:nth-child(even) { background: var(--band); }
      dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 1em; font-size: 13px; }
      dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
      svg.chart { width: 100%; max-width: 860px; } svg.curve { width: 100%; max-width: 420px; }
      .curves { display: flex; flex-wrap: wrap; gap: 1em; }
      svg text { font: 11px system-ui, sans-serif; fill: var(--text); } svg text.tick { fill: var(--soft); }
      .grid { stroke: var(--line); } line.limit { stroke: var(--text); stroke-width: 2; }
      polyline { fill: none; stroke: #0072b2; stroke-width: 2; } circle { fill: #0072b2; }
      .legend { font-size: 12px; } .legend span { margin-right: 1.2em; white-space: nowrap; }
      .legend i { display: inline-block; width: 12px; height: 9px; margin-right: 5px; }
      .legend i.limit { width: 2px; height: 12px; background: var(--text); vertical-align: -2px; }
      """;

  private Page() {}

  static String of(List<Run> runs) {
    Html out = new Html();
    out.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Lanewise report</title>\n<style>\n")
        .raw(STYLE).raw("</style>\n</head>\n<body>\n");
    out.element("h1", "Lanewise report");
    out.element("p", "Shares are of what the machine could do in the same run. A column headed × divides our speed by that peer's in the"
        + " same run: above 1 we are faster.");
    if (runs.stream().anyMatch(Run.Benchmarks.class::isInstance)) {
      Defeats.write(runs, out);
    }
    for (Run run : runs) {
      out.element("h2", run.file());
      out.raw("<dl>\n");
      run.facts().forEach((name, value) -> out.element("dt", name).element("dd", value));
      out.raw("</dl>\n");
      switch (run) {
        case Run.Benchmarks benchmarks -> BenchmarkSection.write(benchmarks, out);
        case Run.Training training -> TrainingSection.write(training, out);
      }
    }
    return out.raw("</body>\n</html>\n").toString();
  }
}
