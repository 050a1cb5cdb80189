package dev.lanewise.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.lanewise.kernels.Kernels;
import dev.lanewise.training.EpochLog;
import dev.lanewise.training.Evaluation;
import dev.lanewise.training.History;
import java.io.IOException;

/**
 * The figures of a run. Other programs read them: the names of the fields stay.
 *
 * @param usefulGflops see {@link UsefulWork}
 * @param peakGflops see {@link PeakMeter}
 */
record RunReport(
    String model, String data, long seed, int threads, long parameters, History history, Evaluation test,
    double usefulGflops, double peakGflops, String parametersSha256) {

  double peakFraction() {
    return usefulGflops / peakGflops;
  }

  void write(JsonGenerator json) throws IOException {
    json.writeStringField("model", model);
    json.writeStringField("data", data);
    json.writeNumberField("seed", seed);
    json.writeNumberField("threads", threads);
    json.writeNumberField("vectorBits", Kernels.vectorBits());
    json.writeNumberField("parameters", parameters);
    json.writeArrayFieldStart("epochs");
    for (EpochLog epoch : history.epochs()) {
      json.writeStartObject();
      json.writeNumberField("loss", epoch.loss());
      json.writeNumberField("accuracy", epoch.value("accuracy"));
      json.writeNumberField("seconds", epoch.seconds());
      json.writeNumberField("imagesPerSecond", epoch.examplesPerSecond());
      json.writeEndObject();
    }
    json.writeEndArray();
    writeTest(json, test);
    json.writeNumberField("usefulGflops", usefulGflops);
    json.writeNumberField("peakGflops", peakGflops);
    json.writeNumberField("peakFraction", peakFraction());
    json.writeStringField("parametersSha256", parametersSha256);
    json.writeNumberField("peakRssBytes", ResidentMemory.peakBytes());
  }

  static void writeTest(JsonGenerator json, Evaluation test) throws IOException {
    json.writeObjectFieldStart("test");
    json.writeNumberField("loss", test.loss());
    json.writeNumberField("accuracy", test.accuracy());
    json.writeEndObject();
  }
}
