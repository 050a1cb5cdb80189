package dev.lanewise.training.data;

import java.util.ArrayList;
import java.util.List;

/**
 * How people write the ten digits: for each digit several ways, each way one or more pen strokes through a few points.
 *
 * <p>A shape is text: points "x,y" in hundredths of the digit's box, y downwards; the pen runs through them in a smooth
 * curve, makes a corner at a point with a star, and leaves the paper at a semicolon.
 */
final class DigitShapes {

  /** The points of one stroke; {@code corner[i]} where the pen turns sharply. */
  record Stroke(float[] x, float[] y, boolean[] corner) {}

  private static final String[][] TEXTS = {
      { // 0
          "55,4 28,18 14,50 26,84 50,97 76,82 87,48 74,14 53,4",
          "62,6 36,10 16,36 16,68 36,95 64,92 84,62 82,28 60,5 48,8",
          "40,8 20,30 18,64 38,94 66,92 84,60 78,24 54,4 34,12",
          "48,3 32,22 27,52 34,82 50,97 66,80 72,50 66,20 50,4",
          "70,14 46,4 20,26 12,60 30,92 62,94 86,66 86,30 62,6 50,14",
      },
      { // 1
          "50,4 50,50 50,96",
          "56,4 50,50 44,96",
          "50,4 51,30 49,65 51,96",
          "30,26 44,14 54,4* 53,50 52,96",
          "36,20 54,4* 52,50 50,95 ; 28,96 50,95 74,95",
          "62,3 56,40 47,70 38,97",
      },
      { // 2
          "16,28 28,8 54,3 76,18 72,42 48,66 15,95* 50,93 88,95",
          "18,24 40,4 70,12 74,38 50,68 26,90 12,88 18,76 36,78 58,94 88,90",
          "14,22 40,6 66,8 76,28 64,54 38,78 16,94* 46,88 66,96 90,86",
          "22,16 50,3 78,20 66,48 34,74 14,90 24,97 40,82 30,74 20,84 50,92 90,94",
          "12,14 42,8 74,8 76,30 56,56 30,78 18,92* 84,92",
          "24,34 22,14 46,3 68,16 68,40 44,70 20,94* 56,94 82,96",
      },
      { // 3
          "18,14 44,3 72,14 70,36 42,46* 72,56 80,76 58,96 16,90",
          "20,6 48,4 76,6* 60,24 44,42* 74,52 82,74 60,96 18,88",
          "16,18 46,2 74,20 60,42 44,48 40,44 54,46 78,62 74,86 44,98 12,82",
          "24,12 52,4 74,20 58,42 36,50 62,52 78,68 66,92 38,97 16,86",
          "14,8 50,3 76,16 56,40 38,46* 66,50 82,70 60,94 26,96",
      },
      { // 4
          "24,6 20,32 18,54* 48,54 84,50 ; 72,4 70,46 66,97",
          "30,4 16,36 20,56 50,56 74,44 ; 76,6 70,50 64,96",
          "64,4* 38,34 12,64* 48,64 90,62 ; 66,24 64,60 62,97",
          "26,8 22,40 32,54 56,50 74,34 76,6* 74,50 70,97",
          "60,3 34,34 14,60* 52,60 88,58 ; 62,3 60,50 57,98",
          "18,4 24,44 48,50 78,36 ; 82,2 72,44 62,96",
      },
      { // 5
          "80,5 54,6 30,8* 28,24 25,44* 52,38 78,54 76,80 50,96 16,88",
          "32,8 28,28 26,46* 56,40 80,60 70,88 42,97 16,86 ; 32,8 58,8 84,4",
          "78,4 50,5 34,12 24,34 36,46 60,52 74,70 64,92 36,97 14,86",
          "84,8 40,6* 34,26 30,42* 60,44 74,64 62,88 36,96 18,90",
          "30,10 26,44* 50,40 72,52 74,76 52,94 20,94 ; 28,10 52,12 80,8",
      },
      { // 6
          "66,4 40,22 22,52 22,82 46,97 72,84 74,62 52,52 30,64 24,80",
          "56,3 34,30 22,62 30,92 56,96 76,78 66,56 44,56 26,74",
          "46,2 30,34 26,68 40,94 64,92 72,72 56,58 36,66 28,82",
          "78,6 48,16 22,46 18,78 42,97 70,88 76,66 56,56 28,72",
          "44,3 34,40 30,74 44,96 66,86 64,66 48,60 33,74",
      },
      { // 7
          "12,12 46,9 82,7* 60,46 42,97",
          "14,24 16,10* 50,10 84,8* 66,44 50,96",
          "12,14 40,6 76,8 78,20 58,52 44,97",
          "12,10 46,9 82,8* 58,50 40,97 ; 34,54 56,51 80,50",
          "16,18 34,8 58,14 82,6* 70,40 62,97",
          "16,8 50,8 80,10 74,36 66,66 62,97",
      },
      { // 8
          "74,18 50,4 28,18 38,40 64,58 74,80 50,97 28,82 36,60 62,42 74,18",
          "54,46 30,34 30,12 54,3 74,14 70,34 50,47 28,64 26,86 50,97 76,86 72,62 50,47",
          "78,10 50,4 30,20 46,42 68,64 64,90 42,96 30,78 46,54 70,32 76,12",
          "62,8 38,6 30,26 54,46 72,70 60,94 36,94 26,74 48,50 70,28 60,8",
          "50,46 34,28 42,6 62,6 68,26 50,46 32,66 34,92 58,97 74,78 66,56 48,44",
      },
      { // 9
          "72,22 50,4 26,18 28,44 52,50 72,30 74,14* 72,54 66,97",
          "74,26 60,4 32,8 22,32 38,50 64,40 74,18 74,50 64,78 40,97",
          "70,12 44,5 26,28 40,48 64,38 72,12* 70,50 68,97",
          "76,22 52,3 24,20 28,46 56,48 74,26 70,62 56,92 28,94",
          "66,16 46,6 30,26 40,46 62,34 68,14* 62,52 52,97",
      },
  };

  private static final Stroke[][][] SHAPES = parse();

  private DigitShapes() {}

  /** The ways to write {@code digit}: [way][stroke]. Shared and not to be changed. */
  static Stroke[][] of(int digit) {
    return SHAPES[digit];
  }

  private static Stroke[][][] parse() {
    Stroke[][][] shapes = new Stroke[TEXTS.length][][];
    for (int digit = 0; digit < TEXTS.length; digit++) {
      shapes[digit] = new Stroke[TEXTS[digit].length][];
      for (int way = 0; way < TEXTS[digit].length; way++) {
        List<Stroke> strokes = new ArrayList<>();
        for (String stroke : TEXTS[digit][way].split(" ; ")) {
          strokes.add(parseStroke(stroke.split(" ")));
        }
        shapes[digit][way] = strokes.toArray(Stroke[]::new);
      }
    }
    return shapes;
  }

  private static Stroke parseStroke(String[] points) {
    Stroke stroke = new Stroke(new float[points.length], new float[points.length], new boolean[points.length]);
    for (int i = 0; i < points.length; i++) {
      boolean corner = points[i].endsWith("*");
      String[] xy = points[i].substring(0, points[i].length() - (corner ? 1 : 0)).split(",");
      stroke.x[i] = Integer.parseInt(xy[0]) / 100f;
      stroke.y[i] = Integer.parseInt(xy[1]) / 100f;
      stroke.corner[i] = corner;
    }
    return stroke;
  }
}
