package dev.lanewise.jmh.shapes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The shapes of one or all files.
 *
 * <p>A line is {@code gemm NAME M N K A B # origin}, A and B being N (as stored) or T (transposed), or
 * {@code conv NAME BATCH HEIGHT WIDTH CHANNELS KERNEL_HEIGHT KERNEL_WIDTH FILTERS STRIDE PADDING # origin}. No shape goes without an
 * origin. Lines that start with {@code #} are comments. Names are unique over all files.
 */
public record Shapes(List<ProductShape> products, List<ConvolutionShape> convolutions) {
  /** The names of the files. */
  public static final List<String> FILES = List.of("squares", "article_cnn", "lstm", "gpt", "resnet_conv", "generative");

  /** The shapes of every file. */
  public static Shapes all() {
    return of(FILES);
  }

  /**
   * The shapes of some files, in their order.
   *
   * @throws IllegalArgumentException if there is no such file
   */
  public static Shapes of(List<String> files) {
    Shapes shapes = new Shapes(new ArrayList<>(), new ArrayList<>());
    for (String file : files) {
      Shapes more = parse(file, read(file));
      shapes.products.addAll(more.products);
      shapes.convolutions.addAll(more.convolutions);
    }
    return shapes;
  }

  /**
   * The product of this name.
   *
   * @throws IllegalArgumentException if no file has it
   */
  public static ProductShape product(String name) {
    return named("product", name, all().products, ProductShape::name);
  }

  /**
   * The convolution of this name.
   *
   * @throws IllegalArgumentException if no file has it
   */
  public static ConvolutionShape convolution(String name) {
    return named("convolution", name, all().convolutions, ConvolutionShape::name);
  }

  private static <T> T named(String kind, String name, List<T> shapes, Function<T, String> nameOf) {
    return shapes.stream().filter(s -> nameOf.apply(s).equals(name)).findFirst().orElseThrow(() -> new IllegalArgumentException(
        "no " + kind + " is named " + name + "; there are " + String.join(", ", shapes.stream().map(nameOf).toList())));
  }

  private static String read(String file) {
    try (InputStream in = Shapes.class.getResourceAsStream(file + ".txt")) {
      if (in == null) {
        throw new IllegalArgumentException("no shapes are named " + file + "; there are " + String.join(", ", FILES));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the shapes " + file, e);
    }
  }

  static Shapes parse(String file, String text) {
    Shapes shapes = new Shapes(new ArrayList<>(), new ArrayList<>());
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      try {
        shapes.add(line);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(file + ".txt, line " + number + ": " + e.getMessage() + ": " + line, e);
      }
    }
    return shapes;
  }

  private void add(String line) {
    int hash = line.indexOf('#');
    if (hash < 0 || line.substring(hash + 1).isBlank()) {
      throw new IllegalArgumentException("no origin");
    }
    String origin = line.substring(hash + 1).strip();
    String[] words = line.substring(0, hash).strip().split("\\s+");
    if (words[0].equals("gemm") && words.length == 7) {
      products.add(new ProductShape(
          words[1], size(words[2]), size(words[3]), size(words[4]), transposed(words[5]), transposed(words[6]), origin));
    } else if (words[0].equals("conv") && words.length == 11) {
      convolutions.add(new ConvolutionShape(
          words[1], size(words[2]), size(words[3]), size(words[4]), size(words[5]), size(words[6]), size(words[7]), size(words[8]),
          size(words[9]), Integer.parseInt(words[10]), origin));
    } else {
      throw new IllegalArgumentException("neither gemm with 6 words after it nor conv with 10");
    }
  }

  private static int size(String word) {
    int size = Integer.parseInt(word);
    if (size < 1) {
      throw new IllegalArgumentException(word + " is not a size");
    }
    return size;
  }

  private static boolean transposed(String word) {
    return switch (word) {
      case "N" -> false;
      case "T" -> true;
      default -> throw new IllegalArgumentException(word + " is neither N nor T");
    };
  }
}
