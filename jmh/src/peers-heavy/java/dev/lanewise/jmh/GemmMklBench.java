package dev.lanewise.jmh;

import dev.lanewise.jmh.gemm.Mkl;
import dev.lanewise.jmh.gemm.Multiplier;
import dev.lanewise.jmh.gemm.Operands;
import dev.lanewise.jmh.gemm.PeerAbsentException;
import dev.lanewise.kernels.Workers;
import org.openjdk.jmh.annotations.Param;

/** Matrix products of MKL: a class of its own, since MKL and OpenBLAS cannot share a process. */
public class GemmMklBench extends GemmBenchmark {
  @Param("mkl")
  public String peer;

  @Override
  Multiplier multiplier(Operands operands, Workers workers) throws PeerAbsentException {
    requirePeer(peer, "mkl");
    Multiplier multiplier = new Mkl(operands, workers.threads());
    System.out.println("# " + Mkl.description());
    return multiplier;
  }
}
