package dev.lanewise.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What {@code generate} can be asked for; null is what was not given. */
final class GenerateOptions {
  @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Decides all that is drawn (default: 1).") long seed;

  @Option(names = "--threads", paramLabel = "N", converter = Converters.Count.class, defaultValue = "1", description = "Threads that compute; the result has the same bits for any number (default: 1).") int threads;

  @Option(names = "--prompt", paramLabel = "TEXT", description = "Text: how it begins; only the last of it where it is longer than what the model looks at. "
      + "A character that the model has not learned from is an error.")
  @Nullable String prompt;

  @Option(names = "--tokens", paramLabel = "N", converter = Converters.Count.class, description = "Text: how many tokens to draw (default: 500).")
  @Nullable Integer tokens;

  @Option(names = "--temperature", paramLabel = "X", converter = Converters.NotNegative.class, description = "Text: below 1 likelier tokens, above 1 more surprising ones, 0 always the likeliest (default: 1).")
  @Nullable Float temperature;

  @Option(names = "--top-k", paramLabel = "N", converter = Converters.Count.class, description = "Text: draw among the N likeliest tokens only.")
  @Nullable Integer topK;

  @Option(names = "--top-p", paramLabel = "X", converter = Converters.Share.class, description = "Text: draw among the likeliest tokens whose probabilities reach this sum only.")
  @Nullable Float topP;

  @Option(names = "--out", paramLabel = "FILE", description = "Images: the PNG to write.")
  @Nullable Path out;

  @Option(names = "--images", paramLabel = "N", converter = Converters.Count.class, description = "Images: how many to draw, as a grid (default: 100).")
  @Nullable Integer images;

  @Option(names = "--walk", description = "Images: a walk through the latent space instead, 10 steps a row.") boolean walk;

  @Option(names = "--reconstruct", description = "Images of a vae: test images and what it makes of them instead.") boolean reconstruct;

  @Option(names = "--data", paramLabel = "DIR", description = "Images of a vae: folder with the data to reconstruct.")
  @Nullable Path data;

  int tokens() {
    return tokens == null ? 500 : tokens;
  }

  float temperature() {
    return temperature == null ? 1 : temperature;
  }

  int images() {
    return images == null ? 100 : images;
  }

  /** Requires that only options for text were given, or only for images. */
  void requireText(boolean text) {
    String other = text
        ? out != null ? "--out" : images != null ? "--images" : walk ? "--walk" : reconstruct ? "--reconstruct" : null
        : prompt != null ? "--prompt"
            : tokens != null ? "--tokens"
                : temperature != null ? "--temperature"
                    : topK != null ? "--top-k" : topP != null ? "--top-p" : null;
    if (other != null) {
      throw new IllegalArgumentException(
          other + " is for " + (text ? "images but this model writes text" : "text but this model draws images"));
    }
  }
}
