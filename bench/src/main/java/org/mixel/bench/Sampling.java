package org.mixel.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntFunction;
import org.mixel.Progress;
import org.mixel.bench.BenchCase.Timing;
import org.mixel.data.ElementType;
import org.mixel.io.SampleWriter;
import org.mixel.mfa.Sampler;
import org.mixel.tensor.RandomStream;

/** Samples drawn and written, beside as many random normals written. */
record Sampling(DigitMixture digits, long seed, Path folder) implements BenchCase.Trial {
  private static final int ROWS = 20_000;

  static final BenchCase CASE =
      new BenchCase(
          "sample",
          "20,000 samples of MNIST, K=256 l=4, written as .npy; floor: as many random normals"
              + " written",
          Sampling::prepare);

  private static Sampling prepare(long seed, Progress progress) {
    try {
      Sampling sampling =
          new Sampling(
              DigitMixture.fit(seed, progress), seed, Files.createTempDirectory("mixel-bench"));
      sampling.samples();
      sampling.normals();
      return sampling;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a temporary folder", e);
    }
  }

  private void samples() {
    try (Sampler sampler = Sampler.of(digits.model(), false, seed)) {
      write("samples.npy", sampler.batchRows(), sampler::nextRows);
    }
  }

  private void normals() {
    int dims = digits.images().dims();
    try (Sampler sampler = Sampler.of(digits.model(), false, seed);
        RandomStream random = RandomStream.of(seed)) {
      write("normals.npy", sampler.batchRows(), count -> random.normals(count * dims));
    }
  }

  private void write(String file, int batch, IntFunction<float[]> rows) {
    Path target = folder.resolve(file);
    try (SampleWriter writer =
        SampleWriter.create(
            target,
            ROWS,
            digits.images().dims(),
            digits.images().shape().orElse(null),
            ElementType.FLOAT32)) {
      for (int done = 0; done < ROWS; done += batch) {
        writer.write(rows.apply(Math.min(batch, ROWS - done)));
      }
    }
    delete(target);
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + path, e);
    }
  }

  @Override
  public Timing time() {
    return Timing.inTurns(
        DigitMixture.TURNS,
        () -> Timing.secondsOf(this::samples),
        () -> Timing.secondsOf(this::normals));
  }

  @Override
  public String note() {
    return DigitMixture.TURNS + " times";
  }

  @Override
  public void close() {
    digits.close();
    delete(folder);
  }
}
