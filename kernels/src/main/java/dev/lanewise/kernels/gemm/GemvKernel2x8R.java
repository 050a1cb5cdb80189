package dev.lanewise.kernels.gemm;

import static dev.lanewise.kernels.lane.Lanes.F;
import static dev.lanewise.kernels.lane.Lanes.I;
import static dev.lanewise.kernels.lane.Lanes.exact;

import dev.lanewise.kernels.lane.Lanes;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link GemvKernel16R} where vectors have eight lanes: two squares of 8 x 8 for sixteen rows of B, turned by permutations of one vector and selections (as {@link Turn}
 * does) and multiplied at once, one after the other so that the chains of one overlap the other's permutations. Reads no more than the rows' k floats.
 */
final class GemvKernel2x8R {
  /** Whether vectors have that many lanes. */
  static final boolean FITS = Lanes.COUNT == 8;

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private GemvKernel2x8R() {}

  /** As {@link GemvKernel16R#groups}. */
  static void groups(int groups, int k, float[] a, MemorySegment b, long bAt, long bRow, float[] t) {
    b = exact(b);
    IntVector swap4 = IntVector.fromArray(I, Turn.SWAPPED, 0);
    IntVector swap2 = IntVector.fromArray(I, Turn.SWAPPED, 8);
    IntVector swap1 = IntVector.fromArray(I, Turn.SWAPPED, 16);
    VectorMask<Integer> second4 = VectorMask.fromLong(I, 0xf0);
    VectorMask<Integer> second2 = VectorMask.fromLong(I, 0xcc);
    VectorMask<Integer> second1 = VectorMask.fromLong(I, 0xaa);
    for (int group = 0; group < groups; group++) {
      long b0 = bAt + group * GemvKernel16R.ROWS * bRow;
      FloatVector c = FloatVector.fromArray(F, t, group * GemvKernel16R.ROWS);
      FloatVector d = FloatVector.fromArray(F, t, group * GemvKernel16R.ROWS + 8);
      for (int p = 0; p < k; p += GemvKernel16R.STEPS) {
        long upper = b0 + 4L * p;
        long lower = upper + 8 * bRow;
        IntVector hr0 = IntVector.fromMemorySegment(I, b, upper, ORDER);
        IntVector hr1 = IntVector.fromMemorySegment(I, b, upper + bRow, ORDER);
        IntVector hr2 = IntVector.fromMemorySegment(I, b, upper + 2 * bRow, ORDER);
        IntVector hr3 = IntVector.fromMemorySegment(I, b, upper + 3 * bRow, ORDER);
        IntVector hr4 = IntVector.fromMemorySegment(I, b, upper + 4 * bRow, ORDER);
        IntVector hr5 = IntVector.fromMemorySegment(I, b, upper + 5 * bRow, ORDER);
        IntVector hr6 = IntVector.fromMemorySegment(I, b, upper + 6 * bRow, ORDER);
        IntVector hr7 = IntVector.fromMemorySegment(I, b, upper + 7 * bRow, ORDER);
        IntVector hu0 = hr0.blend(swap4.selectFrom(hr4), second4);
        IntVector hu4 = swap4.selectFrom(hr0).blend(hr4, second4);
        IntVector hu1 = hr1.blend(swap4.selectFrom(hr5), second4);
        IntVector hu5 = swap4.selectFrom(hr1).blend(hr5, second4);
        IntVector hu2 = hr2.blend(swap4.selectFrom(hr6), second4);
        IntVector hu6 = swap4.selectFrom(hr2).blend(hr6, second4);
        IntVector hu3 = hr3.blend(swap4.selectFrom(hr7), second4);
        IntVector hu7 = swap4.selectFrom(hr3).blend(hr7, second4);
        IntVector hv0 = hu0.blend(swap2.selectFrom(hu2), second2);
        IntVector hv2 = swap2.selectFrom(hu0).blend(hu2, second2);
        IntVector hv1 = hu1.blend(swap2.selectFrom(hu3), second2);
        IntVector hv3 = swap2.selectFrom(hu1).blend(hu3, second2);
        IntVector hv4 = hu4.blend(swap2.selectFrom(hu6), second2);
        IntVector hv6 = swap2.selectFrom(hu4).blend(hu6, second2);
        IntVector hv5 = hu5.blend(swap2.selectFrom(hu7), second2);
        IntVector hv7 = swap2.selectFrom(hu5).blend(hu7, second2);
        IntVector hw0 = hv0.blend(swap1.selectFrom(hv1), second1);
        IntVector hw1 = swap1.selectFrom(hv0).blend(hv1, second1);
        IntVector hw2 = hv2.blend(swap1.selectFrom(hv3), second1);
        IntVector hw3 = swap1.selectFrom(hv2).blend(hv3, second1);
        IntVector hw4 = hv4.blend(swap1.selectFrom(hv5), second1);
        IntVector hw5 = swap1.selectFrom(hv4).blend(hv5, second1);
        IntVector hw6 = hv6.blend(swap1.selectFrom(hv7), second1);
        IntVector hw7 = swap1.selectFrom(hv6).blend(hv7, second1);
        c = hw0.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p]), c);
        c = hw1.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 1]), c);
        c = hw2.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 2]), c);
        c = hw3.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 3]), c);
        c = hw4.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 4]), c);
        c = hw5.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 5]), c);
        c = hw6.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 6]), c);
        c = hw7.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 7]), c);
        IntVector lr0 = IntVector.fromMemorySegment(I, b, lower, ORDER);
        IntVector lr1 = IntVector.fromMemorySegment(I, b, lower + bRow, ORDER);
        IntVector lr2 = IntVector.fromMemorySegment(I, b, lower + 2 * bRow, ORDER);
        IntVector lr3 = IntVector.fromMemorySegment(I, b, lower + 3 * bRow, ORDER);
        IntVector lr4 = IntVector.fromMemorySegment(I, b, lower + 4 * bRow, ORDER);
        IntVector lr5 = IntVector.fromMemorySegment(I, b, lower + 5 * bRow, ORDER);
        IntVector lr6 = IntVector.fromMemorySegment(I, b, lower + 6 * bRow, ORDER);
        IntVector lr7 = IntVector.fromMemorySegment(I, b, lower + 7 * bRow, ORDER);
        IntVector lu0 = lr0.blend(swap4.selectFrom(lr4), second4);
        IntVector lu4 = swap4.selectFrom(lr0).blend(lr4, second4);
        IntVector lu1 = lr1.blend(swap4.selectFrom(lr5), second4);
        IntVector lu5 = swap4.selectFrom(lr1).blend(lr5, second4);
        IntVector lu2 = lr2.blend(swap4.selectFrom(lr6), second4);
        IntVector lu6 = swap4.selectFrom(lr2).blend(lr6, second4);
        IntVector lu3 = lr3.blend(swap4.selectFrom(lr7), second4);
        IntVector lu7 = swap4.selectFrom(lr3).blend(lr7, second4);
        IntVector lv0 = lu0.blend(swap2.selectFrom(lu2), second2);
        IntVector lv2 = swap2.selectFrom(lu0).blend(lu2, second2);
        IntVector lv1 = lu1.blend(swap2.selectFrom(lu3), second2);
        IntVector lv3 = swap2.selectFrom(lu1).blend(lu3, second2);
        IntVector lv4 = lu4.blend(swap2.selectFrom(lu6), second2);
        IntVector lv6 = swap2.selectFrom(lu4).blend(lu6, second2);
        IntVector lv5 = lu5.blend(swap2.selectFrom(lu7), second2);
        IntVector lv7 = swap2.selectFrom(lu5).blend(lu7, second2);
        IntVector lw0 = lv0.blend(swap1.selectFrom(lv1), second1);
        IntVector lw1 = swap1.selectFrom(lv0).blend(lv1, second1);
        IntVector lw2 = lv2.blend(swap1.selectFrom(lv3), second1);
        IntVector lw3 = swap1.selectFrom(lv2).blend(lv3, second1);
        IntVector lw4 = lv4.blend(swap1.selectFrom(lv5), second1);
        IntVector lw5 = swap1.selectFrom(lv4).blend(lv5, second1);
        IntVector lw6 = lv6.blend(swap1.selectFrom(lv7), second1);
        IntVector lw7 = swap1.selectFrom(lv6).blend(lv7, second1);
        d = lw0.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p]), d);
        d = lw1.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 1]), d);
        d = lw2.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 2]), d);
        d = lw3.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 3]), d);
        d = lw4.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 4]), d);
        d = lw5.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 5]), d);
        d = lw6.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 6]), d);
        d = lw7.reinterpretAsFloats().fma(FloatVector.broadcast(F, a[p + 7]), d);
      }
      c.intoArray(t, group * GemvKernel16R.ROWS);
      d.intoArray(t, group * GemvKernel16R.ROWS + 8);
    }
  }
}
