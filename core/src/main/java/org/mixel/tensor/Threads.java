package org.mixel.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.global.torch;

/**
 * How many threads the engine may use; by default as many as there are cores. Results do not depend
 * on it beyond rounding.
 *
 * <p>Safe for use by several threads. LibTorch counts the threads of each Java thread by itself,
 * OpenBLAS those of the process: while one computation {@linkplain #withSmallProducts wants its
 * products on one thread}, those of the others run on one as well.
 */
public final class Threads {
  /** Its threads compute alone. They are kept, for each native thread keeps memory of its own. */
  static final ThreadPoolExecutor POOL =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          60,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          task ->
              daemon(
                  "mixel-worker",
                  () -> {
                    setHere(1);
                    task.run();
                  }));

  /** A thread with the number that new threads begin with. */
  private static final ExecutorService ORDINARY =
      Executors.newSingleThreadExecutor(task -> daemon("mixel-threads", task));

  private static int limit;
  private static boolean loaded;

  /** The number that new threads begin with, once the engine is loaded. */
  private static volatile int ordinary;

  /** How many computations want their products on one thread. */
  private static int smallProducts;

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
   * Limits the engine to so many threads, now or when it is loaded. The limit holds for matrix
   * products of all threads, and for everything else of the calling thread and of threads that
   * begin later. Other threads keep the number that they began with.
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
    int workers = device.is_cpu() ? Math.min(torch.get_num_threads(), most) : 1;
    if (workers <= 1) {
      body.work(0, 1);
      return;
    }
    beginSmallProducts();
    try {
      List<CompletableFuture<?>> running = new ArrayList<>();
      try {
        for (int i = 0; i < workers; i++) {
          int worker = i;
          running.add(CompletableFuture.runAsync(() -> body.work(worker, workers), POOL));
        }
      } finally {
        await(running);
      }
    } finally {
      endSmallProducts();
    }
  }

  /**
   * Divides work on many items, which is done group by group, each in a scope of its own.
   *
   * @param device where the work is done; a GPU gets one worker
   * @param total how many items there are
   * @param group how many make a group, at least 1; the last may be smaller
   * @param body does a group; called by several threads at once
   * @throws RuntimeException as {@link #divide}
   */
  public static void divideGroups(Device device, int total, int group, NativeScope.Part body) {
    divide(
        device,
        (total + group - 1) / group,
        (number, workers) -> {
          for (int from = number * group; from < total; from += workers * group) {
            try (NativeScope scope = new NativeScope()) {
              body.accept(from, Math.min(group, total - from));
            }
          }
        });
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
    setHere(1);
    try {
      return withSmallProducts(work);
    } finally {
      setHere(threads);
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
    LibTorch.load();
    beginSmallProducts();
    try {
      return work.get();
    } finally {
      endSmallProducts();
    }
  }

  private static synchronized void beginSmallProducts() {
    if (smallProducts++ == 0) {
      openblas_nolapack.blas_set_num_threads(1);
    }
  }

  private static synchronized void endSmallProducts() {
    if (--smallProducts == 0) {
      openblas_nolapack.blas_set_num_threads(ordinary);
    }
  }

  /** Sets the number of the calling thread only. */
  private static void setHere(int threads) {
    // Workers ask for the one thread that they have: nobody may wait for that.
    if (torch.get_num_threads() == threads) {
      return;
    }
    synchronized (ORDINARY) {
      torch.set_num_threads(threads);
      // The number that was set last is also the one that new threads begin with.
      CompletableFuture.runAsync(() -> torch.set_num_threads(ordinary), ORDINARY).join();
    }
  }

  /**
   * Waits for work to end, whatever happens: nobody may go on while a thread still uses what the
   * caller is to free.
   *
   * @throws RuntimeException that some of the work threw
   */
  static void await(List<CompletableFuture<?>> running) {
    Throwable failure = null;
    for (CompletableFuture<?> each : running) {
      try {
        each.join();
      } catch (CompletionException e) {
        failure = failure == null || failure instanceof Turns.Abandoned ? e.getCause() : failure;
      }
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

  /** Called once, when the engine is there and nobody computes yet. */
  static void engineLoaded() {
    int workers;
    synchronized (Threads.class) {
      loaded = true;
      ordinary = torch.get_num_threads();
      apply();
      workers = ordinary;
    }
    // The workers set the numbers of their threads now, when nobody else starts one.
    List<CompletableFuture<?>> started = new ArrayList<>();
    for (int i = 0; i < workers; i++) {
      started.add(CompletableFuture.runAsync(() -> {}, POOL));
    }
    await(started);
  }

  private static synchronized void apply() {
    if (loaded && limit > 0) {
      ordinary = limit;
      torch.set_num_threads(limit);
      if (smallProducts == 0) {
        openblas_nolapack.blas_set_num_threads(limit);
      }
    }
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }
}
