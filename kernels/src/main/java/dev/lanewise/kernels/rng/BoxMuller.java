package dev.lanewise.kernels.rng;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.exact;
import static dev.lanewise.kernels.math.TurnConstants.*;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;

import dev.lanewise.kernels.lane.Lanes;
import dev.lanewise.kernels.math.LogKernel;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Two words, a radius and an angle, become two independent normal numbers; source in {@code RngReference}. Each step is a loop of its own over
 * memory in the first-level cache: together they would be more than C2 inlines.
 */
final class BoxMuller {
  private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
  private static final int STEP = 4 * Lanes.COUNT;

  private BoxMuller() {}

  /**
   * Replaces the words of radii at y[from, to) and of angles {@code apart} bytes further on by {@code mean + stddev z}.
   */
  static void run(MemorySegment y, long from, long to, long apart, float mean, float stddev) {
    y = exact(y);
    for (long i = from; i < to; i += STEP) {
      IntVector upper = IntVector.fromMemorySegment(Lanes.I, y, i, NATIVE).lanewise(VectorOperators.LSHR, 8).add(1);
      ((FloatVector) upper.convert(VectorOperators.I2F, 0)).mul(0x1p-24f).intoMemorySegment(y, i, NATIVE);
    }
    LogKernel.run(from, to, y, y);
    turn(y, from, to, apart, mean, stddev);
  }

  private static void turn(MemorySegment y, long from, long to, long apart, float mean, float stddev) {
    y = exact(y);
    FloatVector start = FloatVector.broadcast(F, mean);
    FloatVector factor = FloatVector.broadcast(F, stddev);
    for (long i = from; i < to; i += STEP) {
      FloatVector radius = fromMemorySegment(F, y, i, NATIVE).mul(-2f).lanewise(VectorOperators.SQRT);
      IntVector turn = IntVector.fromMemorySegment(Lanes.I, y, i + apart, NATIVE);
      IntVector rest = turn.lanewise(VectorOperators.LSHL, 2).lanewise(VectorOperators.ASHR, 2);
      IntVector quarter = turn.sub(rest);
      FloatVector f = ((FloatVector) rest.convert(VectorOperators.I2F, 0)).mul(0x1p-30f);
      FloatVector t = f.mul(f);
      FloatVector s = t.fma(FloatVector.broadcast(F, S3), FloatVector.broadcast(F, S2));
      s = s.fma(t, FloatVector.broadcast(F, S1));
      s = s.fma(t, FloatVector.broadcast(F, S0)).mul(f);
      FloatVector c = t.fma(FloatVector.broadcast(F, C4), FloatVector.broadcast(F, C3));
      c = c.fma(t, FloatVector.broadcast(F, C2));
      c = c.fma(t, FloatVector.broadcast(F, C1));
      c = c.fma(t, FloatVector.broadcast(F, 1f));
      // In odd quarters sine and cosine change places; quarters 2 and 3 are negative, and so is their upper bit.
      VectorMask<Float> odd = quarter.and(0x4000_0000).compare(VectorOperators.NE, 0).cast(F);
      IntVector sine = s.blend(c, odd).reinterpretAsInts().lanewise(VectorOperators.XOR, quarter.and(0x8000_0000));
      IntVector next = quarter.add(0x4000_0000).and(0x8000_0000);
      IntVector cosine = c.blend(s, odd).reinterpretAsInts().lanewise(VectorOperators.XOR, next);
      radius.mul(cosine.reinterpretAsFloats()).fma(factor, start).intoMemorySegment(y, i, NATIVE);
      radius.mul(sine.reinterpretAsFloats()).fma(factor, start).intoMemorySegment(y, i + apart, NATIVE);
    }
  }
}
