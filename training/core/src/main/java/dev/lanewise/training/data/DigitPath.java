package dev.lanewise.training.data;

/**
 * The path of the pen for one digit: a shape as one hand writes it this time. Its points in pixels and the pen's radius
 * at each; scratch that is reused from digit to digit.
 */
final class DigitPath {
  private static final int STEPS = 6; // straight pieces per curve between two points of a shape
  private static final int MAX_POINTS = 256;

  final float[] x = new float[MAX_POINTS];
  final float[] y = new float[MAX_POINTS];
  final float[] radius = new float[MAX_POINTS];

  /** Whether the pen is down between point i - 1 and point i. */
  final boolean[] down = new boolean[MAX_POINTS];

  int points;

  private final float[] px = new float[32];
  private final float[] py = new float[32];

  /** Draws a hand from {@code draws} and writes {@code digit} with it, {@code box} pixels in the longer direction. */
  void write(int digit, Draws draws) {
    DigitShapes.Stroke[][] ways = DigitShapes.of(digit);
    DigitShapes.Stroke[] strokes = ways[draws.below(ways.length)];
    float sloppiness = draws.between(0.01f, 0.045f);
    float widthFactor = Math.max(0.5f, 1 + 0.17f * draws.bell());
    float slant = 0.12f + 0.24f * draws.bell();
    float angle = 0.07f * draws.bell();
    float cos = (float) StrictMath.cos(angle);
    float sin = (float) StrictMath.sin(angle);
    points = 0;
    for (DigitShapes.Stroke stroke : strokes) {
      int count = stroke.x().length;
      for (int i = 0; i < count; i++) {
        // A hand is least sure of where a stroke begins and ends.
        float jitter = i == 0 || i == count - 1 ? 1.6f * sloppiness : sloppiness;
        float ox = (stroke.x()[i] - 0.5f + jitter * draws.bell()) * widthFactor;
        float oy = stroke.y()[i] - 0.5f + jitter * draws.bell();
        float sx = ox - slant * oy;
        px[i] = cos * sx - sin * oy;
        py[i] = sin * sx + cos * oy;
      }
      trace(stroke, count);
    }
    wobble(draws);
    fit(draws);
  }

  /** Runs through a stroke's points in Catmull-Rom curves; at a corner the curve's tangent is its chord's. */
  private void trace(DigitShapes.Stroke stroke, int count) {
    add(px[0], py[0], false);
    for (int i = 0; i + 1 < count; i++) {
      int before = i == 0 || stroke.corner()[i] ? i : i - 1;
      int after = i + 2 == count || stroke.corner()[i + 1] ? i + 1 : i + 2;
      for (int step = 1; step <= STEPS; step++) {
        float t = step / (float) STEPS;
        add(catmullRom(px[before], px[i], px[i + 1], px[after], t), catmullRom(py[before], py[i], py[i + 1], py[after], t),
            true);
      }
    }
  }

  private static float catmullRom(float a, float b, float c, float d, float t) {
    return b + 0.5f * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
  }

  private void add(float atX, float atY, boolean penDown) {
    x[points] = atX;
    y[points] = atY;
    down[points] = penDown;
    points++;
  }

  /** Bends the paper smoothly: one slow wave in each direction. */
  private void wobble(Draws draws) {
    float heightX = 0.03f * draws.bell();
    float heightY = 0.03f * draws.bell();
    float wavesX = draws.between(0.4f, 1.3f);
    float wavesY = draws.between(0.4f, 1.3f);
    float phaseX = draws.unit();
    float phaseY = draws.unit();
    for (int i = 0; i < points; i++) {
      float bentX = x[i] + heightX * wave(wavesX * y[i] + phaseX);
      y[i] += heightY * wave(wavesY * x[i] + phaseY);
      x[i] = bentX;
    }
  }

  /** Scales to pixels about the middle of the box, and presses the pen unevenly along the way. */
  private void fit(Draws draws) {
    float thickness = Math.max(0.65f, 1.2f + 0.33f * draws.bell());
    float pressure = 0.22f * draws.unit();
    float waves = draws.between(0.01f, 0.05f);
    float phase = draws.unit();
    float box = draws.between(18.5f, 20.5f) - 2 * thickness;
    float left = x[0];
    float right = x[0];
    float top = y[0];
    float bottom = y[0];
    for (int i = 1; i < points; i++) {
      left = Math.min(left, x[i]);
      right = Math.max(right, x[i]);
      top = Math.min(top, y[i]);
      bottom = Math.max(bottom, y[i]);
    }
    float scale = box / Math.max(right - left, bottom - top);
    for (int i = 0; i < points; i++) {
      x[i] = (x[i] - (left + right) / 2) * scale;
      y[i] = (y[i] - (top + bottom) / 2) * scale;
      radius[i] = thickness * (1 + pressure * wave(waves * i + phase));
    }
  }

  /** A wave of height 1 per turn, nearly a sine: two parabolas, so the same bits on every machine and cheap. */
  private static float wave(float turns) {
    float u = turns - (float) Math.floor(turns) - 0.5f;
    return 8 * u * (1 - 2 * Math.abs(u));
  }
}
