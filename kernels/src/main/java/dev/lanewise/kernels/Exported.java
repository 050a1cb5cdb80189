package dev.lanewise.kernels;

/** Lets the module export this package until its first type lands. */
final class Exported {
  private Exported() {}
}
