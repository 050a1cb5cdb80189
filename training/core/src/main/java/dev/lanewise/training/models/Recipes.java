package dev.lanewise.training.models;

import dev.lanewise.training.data.text.Tokenizer;
import java.util.Map;

/** The recipes by name. */
public final class Recipes {
  private static final String CHOICES =
      String.join(", ", Cnn.NAME, Gpt.NAME, Regression.NAME, TableRegression.NAME, CharRnn.NAME, SeriesRnn.NAME, Vae.NAME,
          Gan.NAME, Bert.NAME);

  private Recipes() {}

  /**
   * Makes a recipe from its name and the options that it was saved with.
   *
   * @param options as {@link Recipe#options} gave them
   * @throws IllegalArgumentException listing the names, or naming an option that is missing or no number
   */
  public static Recipe find(String name, Map<String, String> options) {
    return switch (name) {
      case Cnn.NAME ->
        new Cnn(number(name, options, "height"), number(name, options, "width"), number(name, options, "classes"));
      case Bert.NAME -> Bert.restore(options);
      case Regression.NAME -> new Regression(Boolean.parseBoolean(options.get("redraw")));
      case TableRegression.NAME -> TableRegression.restore(options);
      case CharRnn.NAME ->
        new CharRnn(text(name, options, "cell"), number(name, options, "units"), number(name, options, "steps"),
            Tokenizer.restore(options));
      case SeriesRnn.NAME -> new SeriesRnn(number(name, options, "steps"), number(name, options, "units"));
      case Gpt.NAME -> Gpt.find(options);
      case Vae.NAME ->
        new Vae(number(name, options, "height"), number(name, options, "width"), number(name, options, "latent"),
            flag(name, options, "convolutional"));
      case Gan.NAME ->
        new Gan(number(name, options, "height"), number(name, options, "width"), number(name, options, "latent"));
      default -> throw new IllegalArgumentException("Recipe: '" + name + "' is unknown; choices are " + CHOICES);
    };
  }

  private static String text(String recipe, Map<String, String> options, String option) {
    String text = options.get(option);
    if (text == null) {
      throw new IllegalArgumentException("Recipe " + recipe + ": option " + option + " is missing");
    }
    return text;
  }

  static int number(String recipe, Map<String, String> options, String option) {
    String text = options.get(option);
    try {
      return Integer.parseInt(text == null ? "" : text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Recipe " + recipe + ": option " + option + " is "
          + (text == null ? "missing" : "'" + text + "'") + "; a whole number is needed", e);
    }
  }

  static float fraction(String recipe, Map<String, String> options, String option) {
    String text = options.get(option);
    try {
      return Float.parseFloat(text == null ? "" : text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Recipe " + recipe + ": option " + option + " is "
          + (text == null ? "missing" : "'" + text + "'") + "; a number is needed", e);
    }
  }

  private static boolean flag(String recipe, Map<String, String> options, String option) {
    String text = options.get(option);
    if (!"true".equals(text) && !"false".equals(text)) {
      throw new IllegalArgumentException("Recipe " + recipe + ": option " + option + " is "
          + (text == null ? "missing" : "'" + text + "'") + "; true or false is needed");
    }
    return "true".equals(text);
  }
}
