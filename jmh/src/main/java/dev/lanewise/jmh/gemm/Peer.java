package dev.lanewise.jmh.gemm;

import dev.lanewise.kernels.Workers;

/** Who can be measured in the normal build, by the name that options and reports use. */
public enum Peer {
  LANEWISE("lanewise"),
  OPENBLAS_JNI("openblas-jni"),
  OPENBLAS_FFM("openblas-ffm"),
  VECTORBLAS("vectorblas"),
  EJML("ejml"),
  OJALGO("ojalgo"),
  PLAIN_JAVA("plain-java");

  private final String label;

  Peer(String label) {
    this.label = label;
  }

  /** The name in options and reports. */
  public String label() {
    return label;
  }

  /**
   * The peer of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Peer of(String label) {
    for (Peer peer : values()) {
      if (peer.label.equals(label)) {
        return peer;
      }
    }
    throw new IllegalArgumentException("no peer is named " + label);
  }

  /**
   * Makes its product ready.
   *
   * @param workers the threads; peers of pure Java have one
   * @throws PeerAbsentException if it is not in this build, or not with so many threads
   */
  public Multiplier multiplier(Operands operands, Workers workers) throws PeerAbsentException {
    int threads = workers.threads();
    if (threads > 1 && compareTo(VECTORBLAS) >= 0) {
      throw new PeerAbsentException(label + " multiplies on one thread, not on " + threads, null);
    }
    return switch (this) {
      case LANEWISE -> new LanewiseGemm(operands, workers);
      case OPENBLAS_JNI -> new OpenBlasJni(operands, threads);
      case OPENBLAS_FFM -> new OpenBlasFfm(operands, threads);
      case VECTORBLAS -> new VectorBlas(operands);
      case EJML -> new Ejml(operands);
      case OJALGO -> new OjAlgo(operands);
      case PLAIN_JAVA -> new PlainJava(operands);
    };
  }
}
