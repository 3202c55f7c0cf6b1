package org.mixel.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;

/**
 * How many threads the engine may use; by default as many as there are cores. Results do not depend
 * on it beyond rounding.
 */
public final class Threads {
  /** Threads are kept, for each native thread keeps memory of its own. */
  static final ExecutorService POOL =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "mixel-worker");
            thread.setDaemon(true);
            return thread;
          });

  private static int limit;
  private static boolean loaded;

  private Threads() {}

  /** A part of some work. */
  @FunctionalInterface
  public interface Worker {
    /**
     * Does the part.
     *
     * @param number of this worker, from 0
     * @param workers how many there are
     */
    void work(int number, int workers);
  }

  /**
   * Limits the engine to so many threads, now or when it is loaded.
   *
   * @param threads at least 1
   * @throws IllegalArgumentException if it is less
   */
  public static synchronized void limit(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads must be at least 1, got " + threads);
    }
    limit = threads;
    apply();
  }

  /**
   * Divides work of many small operations, which the engine's own threads would spend waking each
   * other: every worker has a thread of its own, on which the engine computes alone.
   *
   * @param device where the work is done; a GPU gets one worker
   * @param most no more workers than this
   * @param body called with the worker's number, from 0, and the number of workers
   * @throws RuntimeException what a worker threw, of several the one that made the others give up
   */
  public static void divide(Device device, int most, Worker body) {
    int threads = torch.get_num_threads();
    int workers = device.is_cpu() ? Math.min(threads, most) : 1;
    if (workers <= 1) {
      body.work(0, 1);
      return;
    }
    int blasThreads = openblas_nolapack.blas_get_num_threads();
    openblas_nolapack.blas_set_num_threads(1);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        int worker = i;
        running.add(
            POOL.submit(
                () -> {
                  torch.set_num_threads(1);
                  body.work(worker, workers);
                }));
      }
      await(running);
    } finally {
      torch.set_num_threads(threads);
      openblas_nolapack.blas_set_num_threads(blasThreads > 0 ? blasThreads : threads);
    }
  }

  /**
   * Does work of many small operations on the calling thread alone: the engine's own threads would
   * spend its time waking each other.
   *
   * @return what the work returns
   */
  public static <T> T alone(Supplier<T> work) {
    LibTorch.load();
    int threads = torch.get_num_threads();
    torch.set_num_threads(1);
    try {
      return withSmallProducts(work);
    } finally {
      torch.set_num_threads(threads);
    }
  }

  /**
   * Does work whose matrix products are small: each is computed by one thread, for dealing it out
   * would take longer, many times so where other programs want the cores as well. Convolutions and
   * other operations still use all threads.
   *
   * @return what the work returns
   */
  public static <T> T withSmallProducts(Supplier<T> work) {
    int threads = openblas_nolapack.blas_get_num_threads();
    openblas_nolapack.blas_set_num_threads(1);
    try {
      return work.get();
    } finally {
      openblas_nolapack.blas_set_num_threads(threads > 0 ? threads : torch.get_num_threads());
    }
  }

  private static void await(List<Future<?>> running) {
    // Whatever happens, nobody may go on while a worker still uses what the caller is to free.
    Throwable failure = null;
    boolean interrupted = false;
    for (Future<?> each : running) {
      for (boolean done = false; !done; ) {
        try {
          each.get();
          done = true;
        } catch (ExecutionException e) {
          failure = failure == null || failure instanceof Turns.Abandoned ? e.getCause() : failure;
          done = true;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure instanceof RuntimeException cause) {
      throw cause;
    }
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
  }

  /** Lets workers do some things one after the other, in a fixed order. */
  public static final class Turns {
    private int next;
    private boolean failed;

    /** The turn will not come, for another worker has failed. */
    private static final class Abandoned extends IllegalStateException {
      private static final long serialVersionUID = 1;
    }

    /**
     * Waits until all earlier turns are taken, then does something.
     *
     * @param turn from 0
     * @throws IllegalStateException if another worker has failed
     */
    public synchronized void take(int turn, Runnable action) {
      while (next != turn && !failed) {
        try {
          wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("interrupted while others compute", e);
        }
      }
      if (failed) {
        throw new Abandoned();
      }
      action.run();
      next++;
      notifyAll();
    }

    /** Keeps the others from waiting for a worker that will not come. */
    public synchronized void fail() {
      failed = true;
      notifyAll();
    }
  }

  /** Called once the engine is there. */
  static synchronized void engineLoaded() {
    loaded = true;
    apply();
  }

  private static void apply() {
    if (loaded && limit > 0) {
      torch.set_num_threads(limit);
    }
  }
}
