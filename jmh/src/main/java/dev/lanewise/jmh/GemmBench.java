package dev.lanewise.jmh;

import dev.lanewise.jmh.gemm.Multiplier;
import dev.lanewise.jmh.gemm.OpenBlas;
import dev.lanewise.jmh.gemm.Operands;
import dev.lanewise.jmh.gemm.Peer;
import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.kernels.Workers;
import org.openjdk.jmh.annotations.Param;

/** Matrix products of Lanewise beside OpenBLAS and pure Java. */
public class GemmBench extends GemmBenchmark {
  @Param({"lanewise", "openblas-jni", "openblas-ffm", "vectorblas", "ejml", "ojalgo", "plain-java"}) public String peer;

  @Override
  Multiplier multiplier(Operands operands, Workers workers) throws PeerAbsentException {
    Multiplier multiplier = Peer.of(peer).multiplier(operands, workers);
    if (peer.startsWith("openblas")) {
      System.out.println("# " + OpenBlas.load().description());
    }
    return multiplier;
  }
}
