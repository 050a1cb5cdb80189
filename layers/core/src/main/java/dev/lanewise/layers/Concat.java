package dev.lanewise.layers;

import dev.lanewise.kernels.Elementwise;
import dev.lanewise.tensor.Shape;
import dev.lanewise.tensor.ShapeException;
import dev.lanewise.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several branches over the same input, their outputs side by side along the last axis: Y [.., c1 + .. + ck] from branches that put out
 * [.., c1] to [.., ck]; of images the channels. dX is the sum of what the branches give back, in their order. Copies are exact.
 */
public final class Concat implements Layer {
  private final String name;
  private final Layer[] branches;
  private final int[] widths;
  private final int width;
  private final Shape input;
  private final Shape output;
  private final List<Param> params;

  private Concat(Shape input, Params.Builder params, LayerSpec[] specs) {
    this.name = params.name("concat");
    this.input = input;
    this.branches = new Layer[specs.length];
    this.widths = new int[specs.length];
    for (int i = 0; i < specs.length; i++) {
      branches[i] = specs[i].build(input, params);
      requireLikeFirst(i);
      Shape shape = branches[i].outputShape();
      widths[i] = shape.dim(shape.rank() - 1);
    }
    this.width = Arrays.stream(widths).sum();
    int[] axes = branches[0].outputShape().toArray();
    axes[axes.length - 1] = width;
    this.output = Shape.of(axes);
    this.params = Arrays.stream(branches).flatMap(branch -> branch.params().stream()).toList();
  }

  private void requireLikeFirst(int i) {
    Shape first = branches[0].outputShape();
    Shape shape = branches[i].outputShape();
    boolean fits = shape.rank() == first.rank() && shape.rank() > 0;
    for (int axis = 0; fits && axis < shape.rank() - 1; axis++) {
      fits = shape.dim(axis) == first.dim(axis);
    }
    if (!fits) {
      throw new ShapeException(name + ": branch " + branches[i].name() + " puts out " + Shapes.batch(shape) + " but "
          + branches[0].name() + " " + Shapes.batch(first) + "; all axes but the last must be the same");
    }
  }

  /** Of branches, each a layer or a {@link Sequential#spec}; at least one. */
  public static LayerSpec of(LayerSpec... branches) {
    if (branches.length == 0) {
      throw new IllegalArgumentException("Concat: no branches; give at least one");
    }
    LayerSpec[] specs = branches.clone();
    return (input, params) -> new Concat(input, params, specs);
  }

  @Override
  public Tensor infer(Tensor x, Pass pass) {
    Tensor y = pass.workspace().batch(Shapes.requireInput(this, x), output);
    for (int i = 0, at = 0; i < branches.length; at += widths[i++]) {
      columns(branches[i].infer(x, pass), widths[i], y, at, true);
    }
    return y;
  }

  @Override
  public Tensor forward(Tensor x, Saved saved, Pass pass) {
    Tensor y = pass.workspace().batch(Shapes.requireInput(this, x), output);
    for (int i = 0, at = 0; i < branches.length; at += widths[i++]) {
      columns(branches[i].forward(x, saved.child(i), pass), widths[i], y, at, true);
    }
    saved.keep(x, y);
    return y;
  }

  @Override
  public @Nullable Tensor backward(Tensor dy, Saved saved, Pass pass, boolean inputGradient) {
    int n = saved.input().dim(0);
    Shapes.requireGradient(this, dy, n);
    Tensor dx = inputGradient ? pass.workspace().batch(n, input) : null;
    for (int i = 0, at = 0; i < branches.length; at += widths[i++]) {
      Tensor part = pass.workspace().batch(n, branches[i].outputShape());
      columns(part, widths[i], dy, at, false);
      Tensor given = branches[i].backward(part, saved.child(i), pass, inputGradient);
      if (dx == null || given == null) {
        continue;
      }
      if (i == 0) {
        Elementwise.copy(dx.size(), given.segment(), dx.segment());
      } else {
        Elementwise.add(dx.size(), dx.segment(), given.segment(), dx.segment());
      }
    }
    return dx;
  }

  /** Copies a part of some columns into those of the whole from {@code at} on, or back. */
  private void columns(Tensor part, int columns, Tensor whole, int at, boolean into) {
    long bytes = (long) columns * Float.BYTES;
    long stride = (long) width * Float.BYTES;
    MemorySegment p = part.segment();
    MemorySegment w = whole.segment();
    long rows = part.size() / columns;
    for (long row = 0, from = (long) at * Float.BYTES; row < rows; row++, from += stride) {
      if (into) {
        MemorySegment.copy(p, row * bytes, w, from, bytes);
      } else {
        MemorySegment.copy(w, from, p, row * bytes, bytes);
      }
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Shape inputShape() {
    return input;
  }

  @Override
  public Shape outputShape() {
    return output;
  }

  @Override
  public List<Param> params() {
    return params;
  }

  @Override
  public long flops() {
    long flops = 0;
    for (Layer branch : branches) {
      flops += branch.flops();
    }
    return flops;
  }
}
