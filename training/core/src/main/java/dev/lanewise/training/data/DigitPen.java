package dev.lanewise.training.data;

import java.util.Arrays;

/**
 * Inks a {@link DigitPath} on a 28x28 image as MNIST's images were made: anti-aliased grey, moved by whole pixels until
 * the ink's centre of mass is the image's centre.
 */
final class DigitPen {
  static final int SIDE = 28;
  private static final float CENTRE = (SIDE - 1) / 2f;

  private final DigitPath path = new DigitPath();
  private final float[] ink = new float[SIDE * SIDE];

  /** Draws {@code digit}, everything else about it from {@code draws}, into the first 784 bytes of {@code image}. */
  void draw(int digit, Draws draws, byte[] image) {
    path.write(digit, draws);
    Arrays.fill(ink, 0);
    for (int i = 1; i < path.points; i++) {
      if (path.down[i]) {
        line(i - 1, i);
      }
    }
    develop(draws, image);
  }

  /**
   * One straight piece with round ends. A pixel's ink is how far it lies inside the edge, in pixels, plus a half; the
   * largest of all pieces that touch it counts. From 1 on it is fully covered.
   */
  private void line(int from, int to) {
    float ax = path.x[from] + CENTRE;
    float ay = path.y[from] + CENTRE;
    float dx = path.x[to] + CENTRE - ax;
    float dy = path.y[to] + CENTRE - ay;
    float reach = Math.max(path.radius[from], path.radius[to]) + 0.5f;
    float inverse = 1 / Math.max(dx * dx + dy * dy, 1e-6f);
    float grow = path.radius[to] - path.radius[from];
    int top = pixel(Math.min(ay, ay + dy) - reach);
    int bottom = pixel(Math.max(ay, ay + dy) + reach);
    int left = pixel(Math.min(ax, ax + dx) - reach);
    int right = pixel(Math.max(ax, ax + dx) + reach);
    for (int r = top; r <= bottom; r++) {
      for (int c = left; c <= right; c++) {
        float ox = c - ax;
        float oy = r - ay;
        float along = Math.min(Math.max((ox * dx + oy * dy) * inverse, 0), 1);
        float ex = ox - along * dx;
        float ey = oy - along * dy;
        float cover = path.radius[from] + along * grow + 0.5f - (float) Math.sqrt(ex * ex + ey * ey);
        int i = r * SIDE + c;
        ink[i] = Math.max(ink[i], cover);
      }
    }
  }

  private static int pixel(float position) {
    return Math.min(Math.max((int) position, 0), SIDE - 1);
  }

  private void develop(Draws draws, byte[] image) {
    float mass = 0;
    float massX = 0;
    float massY = 0;
    for (int r = 0; r < SIDE; r++) {
      for (int c = 0; c < SIDE; c++) {
        float m = Math.min(ink[r * SIDE + c], 1);
        mass += m;
        massX += m * c;
        massY += m * r;
      }
    }
    int moveX = Math.round(CENTRE + 0.5f - massX / mass);
    int moveY = Math.round(CENTRE + 0.5f - massY / mass);
    float darkness = draws.between(225, 262);
    float roughness = draws.between(0.02f, 0.3f);
    Arrays.fill(image, 0, SIDE * SIDE, (byte) 0);
    for (int r = Math.max(0, moveY); r < Math.min(SIDE, SIDE + moveY); r++) {
      for (int c = Math.max(0, moveX); c < Math.min(SIDE, SIDE + moveX); c++) {
        float cover = ink[(r - moveY) * SIDE + c - moveX];
        if (cover > 0) {
          // Rough edges, but the middle of a stroke, where cover is well above 1, stays full.
          float shade = Math.min(Math.max(cover + draws.within(roughness), 0), 1);
          image[r * SIDE + c] = (byte) Math.min(shade * darkness, 255);
        }
      }
    }
  }
}
