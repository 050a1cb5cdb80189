package dev.lanewise.kernels.conv;

import dev.lanewise.kernels.lane.Lanes;

/** Scratch that grows with the convolutions it serves and never shrinks, so that a steady call makes no arrays. */
final class Room {
  private Room() {}

  /** The array itself, or a new one, with room for at least so many floats and what a copy of whole vectors writes past them. What it held is lost. */
  static float[] atLeast(int floats, float[] array) {
    return array.length < floats + Lanes.COUNT ? new float[floats + Lanes.COUNT] : array;
  }
}
