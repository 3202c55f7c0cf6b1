package org.mixel.mfa.training;

import org.mixel.Progress;

/** Ends a training as a failure would, when so many iterations have ended. */
final class InterruptedProgress implements Progress {
  private int left;

  InterruptedProgress(int iterations) {
    left = iterations;
  }

  @Override
  public Stage begin(String name, long steps) {
    return new Stage() {
      @Override
      public void advance(long by) {}

      @Override
      public void note(String text) {
        if (name.equals("EM") && --left == 0) {
          throw new IllegalStateException("interrupted");
        }
      }

      @Override
      public void close() {}
    };
  }
}
