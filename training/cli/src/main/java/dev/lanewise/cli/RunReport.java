package dev.lanewise.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.lanewise.kernels.Kernels;
import dev.lanewise.training.EpochLog;
import dev.lanewise.training.Evaluation;
import dev.lanewise.training.History;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a run. Other programs read them: the names of the fields stay.
 *
 * @param model its name on the command line
 * @param test null if there was nothing to test on
 * @param outcome what was measured beside it
 * @param usefulGflops see {@link UsefulWork}
 * @param peakGflops see {@link PeakMeter}
 */
record RunReport(
    String model, Course course, long seed, int threads, long parameters, History history, @Nullable Evaluation test,
    Map<String, Double> outcome, double usefulGflops, double peakGflops, String parametersSha256) {

  double peakFraction() {
    return usefulGflops / peakGflops;
  }

  /** In the course's unit, the median over the epochs. */
  double unitsPerSecond() {
    return UsefulWork.examplesPerSecond(history) * course.unit().perExample();
  }

  void write(JsonGenerator json) throws IOException {
    json.writeStringField("model", model);
    json.writeStringField("data", course.data());
    json.writeNumberField("seed", seed);
    json.writeNumberField("threads", threads);
    json.writeNumberField("vectorBits", Kernels.vectorBits());
    json.writeNumberField("parameters", parameters);
    writeEpochs(json);
    if (test != null) {
      writeTest(json, test);
    }
    writeHeadlines(json);
    if (usefulGflops > 0) {
      json.writeNumberField("usefulGflops", usefulGflops);
    }
    json.writeNumberField("peakGflops", peakGflops);
    if (usefulGflops > 0) {
      json.writeNumberField("peakFraction", peakFraction());
    }
    json.writeStringField("parametersSha256", parametersSha256);
    json.writeNumberField("peakRssBytes", ResidentMemory.peakBytes());
  }

  private void writeEpochs(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("epochs");
    for (EpochLog epoch : history.epochs()) {
      json.writeStartObject();
      writeAll(json, epoch.values());
      json.writeNumberField("seconds", epoch.seconds());
      json.writeNumberField(course.unit().name() + "PerSecond", epoch.examplesPerSecond() * course.unit().perExample());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  static void writeTest(JsonGenerator json, Evaluation test) throws IOException {
    json.writeObjectFieldStart("test");
    json.writeNumberField("loss", test.loss());
    writeAll(json, test.metrics());
    json.writeEndObject();
  }

  private static void writeAll(JsonGenerator json, Map<String, Double> values) throws IOException {
    for (Map.Entry<String, Double> value : values.entrySet()) {
      json.writeNumberField(Figures.field(value.getKey()), value.getValue());
    }
  }

  /** The figures that a run of this kind is judged by, and its speed, where they need no search. */
  private void writeHeadlines(JsonGenerator json) throws IOException {
    Map<String, Double> all = new LinkedHashMap<>();
    if (!history.epochs().isEmpty()) {
      history.last().values().forEach((name, value) -> all.put(Figures.field(name), value));
    }
    if (test != null) {
      all.put("testLoss", test.loss());
      test.metrics().forEach((name, value) -> all.put(Figures.field("test_" + name), value));
    }
    for (String headline : course.headlines()) {
      Double value = all.get(headline);
      if (value != null) {
        json.writeNumberField(headline, value);
      }
    }
    writeAll(json, outcome);
    if (course.unit().name().equals("tokens")) {
      json.writeNumberField("tokensPerSecond", unitsPerSecond());
    }
  }
}
