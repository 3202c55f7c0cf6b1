package org.mixel.explorer;

import static org.mixel.explorer.Refusal.UNAVAILABLE;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.mixel.Progress;

/**
 * The one thread that asks the model, with a short queue, and one for long work, which pauses while
 * somebody asks.
 */
final class Compute implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Compute.class.getName());

  /** Questions that may wait; more are refused. */
  static final int QUEUE = 16;

  private static final long PATIENCE_SECONDS = 30;

  /** How long a step of long work gives way at most, so that it ends some day. */
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final ThreadPoolExecutor asked =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(QUEUE),
          task -> daemon("explorer-asked", task));

  private final ExecutorService background =
      Executors.newSingleThreadExecutor(task -> daemon("explorer-background", task));

  private volatile boolean closed;

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Asks, and waits for the answer.
   *
   * @throws Refusal if too many wait already, or the answer takes too long
   */
  <T> T ask(Callable<T> question) {
    FutureTask<T> task = begin(question);
    return await(task);
  }

  /** Puts a question into the queue. */
  <T> FutureTask<T> begin(Callable<T> question) {
    FutureTask<T> task = new FutureTask<>(question);
    try {
      asked.execute(task);
    } catch (RejectedExecutionException e) {
      throw new Refusal(UNAVAILABLE, "too many questions wait for an answer; try again");
    }
    return task;
  }

  /** Takes a question back, if nobody works on it yet. */
  void withdraw(FutureTask<?> task) {
    if (asked.remove(task)) {
      task.cancel(false);
    }
  }

  /**
   * Waits for the answer to a question.
   *
   * @throws CancellationException if it was withdrawn
   */
  <T> T await(FutureTask<T> task) {
    try {
      return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      withdraw(task);
      throw new Refusal(UNAVAILABLE, "the answer takes too long; try again");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal(UNAVAILABLE, "the server is closing");
    }
  }

  /** Does long work after what was given before. */
  void later(Runnable work) {
    background.execute(
        () -> {
          try {
            work.run();
          } catch (CancellationException e) {
            // The page is closed.
          } catch (RuntimeException | OutOfMemoryError e) {
            LOG.log(System.Logger.Level.WARNING, "work in the background failed", e);
          }
        });
  }

  /** For long work: a pause at each step while somebody asks, and an end when this is closed. */
  Progress givingWay() {
    return (name, steps) ->
        new Progress.Stage() {
          @Override
          public void advance(long by) {
            giveWay();
          }

          @Override
          public void note(String text) {}

          @Override
          public void close() {}
        };
  }

  private void giveWay() {
    long start = System.nanoTime();
    while (!closed && isAsked() && System.nanoTime() - start < LONGEST_PAUSE_NANOS) {
      try {
        TimeUnit.MILLISECONDS.sleep(2);
      } catch (InterruptedException e) {
        closed = true;
      }
    }
    if (closed) {
      throw new CancellationException();
    }
  }

  /** Questions on which nobody works yet. */
  int waiting() {
    return asked.getQueue().size();
  }

  private boolean isAsked() {
    return asked.getActiveCount() > 0 || waiting() > 0;
  }

  /** Ends all work, and waits until nobody uses the model any more. */
  @Override
  public void close() {
    closed = true;
    asked.shutdownNow().forEach(task -> ((FutureTask<?>) task).cancel(false));
    background.shutdownNow();
    try {
      boolean ended =
          asked.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)
              && background.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        throw new IllegalStateException("the model is still in use");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
