package org.mixel.explorer;

import static org.mixel.explorer.Refusal.BAD_REQUEST;
import static org.mixel.explorer.Refusal.require;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;

/**
 * Questions of pages on which somebody brushes: of each page only the latest waits. One that is
 * being answered is answered, so that the picture follows the brush however fast it moves.
 */
final class Completions {
  private static final Pattern PAGE = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final Compute compute;
  private final Map<String, FutureTask<?>> latest = new ConcurrentHashMap<>();

  Completions(Compute compute) {
    this.compute = compute;
  }

  /**
   * Asks for a page.
   *
   * @param page its own name for itself
   * @return nothing if a later question of the page came before this one's turn
   */
  <T> Optional<T> ask(String page, Callable<T> question) {
    require(PAGE.matcher(page).matches(), BAD_REQUEST, "page must be up to 64 letters and digits");
    FutureTask<T> task;
    // At once, or a question could be taken for older than one that came before it.
    synchronized (latest) {
      FutureTask<?> before = latest.remove(page);
      if (before != null) {
        compute.withdraw(before);
      }
      task = compute.begin(question);
      latest.put(page, task);
    }
    try {
      return Optional.of(compute.await(task));
    } catch (CancellationException e) {
      return Optional.empty();
    } finally {
      latest.remove(page, task);
    }
  }
}
