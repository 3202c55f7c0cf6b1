package org.mixel.explorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mixel.Progress;
import org.mixel.mfa.MixtureOfFactorAnalyzers;
import org.mixel.mfa.SingleRow;

/** Questions wait in a short line, overtaken ones leave it, and long work gives way to them. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ComputeTest {
  private final Compute compute = new Compute();
  private final Completions completions = new Completions(compute);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch free = new CountDownLatch(1);

  @AfterEach
  void close() {
    free.countDown();
    compute.close();
  }

  /** Keeps the one thread busy until {@link #free}. */
  private void occupy() throws InterruptedException {
    compute.begin(
        () -> {
          begun.countDown();
          free.await();
          return 0;
        });
    begun.await();
  }

  private <T> CompletableFuture<Optional<T>> ask(String page, T answer) {
    return CompletableFuture.supplyAsync(
        () -> completions.ask(page, () -> answer), task -> new Thread(task).start());
  }

  private static void awaitWaiting(Compute compute, int count) throws InterruptedException {
    while (compute.waiting() != count) {
      Thread.sleep(1);
    }
  }

  @Test
  void ofEachPageOnlyTheLatestQuestionWaits() throws Exception {
    occupy();
    CompletableFuture<Optional<Integer>> first = ask("a", 1);
    awaitWaiting(compute, 1);
    CompletableFuture<Optional<Integer>> other = ask("b", 2);
    awaitWaiting(compute, 2);
    CompletableFuture<Optional<Integer>> second = ask("a", 3);
    assertThat(first.get()).isEmpty();
    awaitWaiting(compute, 2);
    CompletableFuture<Optional<Integer>> third = ask("a", 4);
    assertThat(second.get()).isEmpty();
    assertThat(other).isNotDone();
    free.countDown();
    assertThat(third.get()).contains(4);
    assertThat(other.get()).contains(2);
  }

  @Test
  void aQuestionThatIsBeingAnsweredIsAnswered() throws Exception {
    CompletableFuture<Optional<Integer>> running =
        CompletableFuture.supplyAsync(
            () ->
                completions.ask(
                    "a",
                    () -> {
                      begun.countDown();
                      free.await();
                      return 1;
                    }),
            task -> new Thread(task).start());
    begun.await();
    CompletableFuture<Optional<Integer>> next = ask("a", 2);
    awaitWaiting(compute, 1);
    free.countDown();
    assertThat(running.get()).contains(1);
    assertThat(next.get()).contains(2);
  }

  @Test
  void anOvertakenCompletionIsAnsweredWithNothingAndOneTooManyIsRefused() throws Exception {
    try (MixtureOfFactorAnalyzers model = SmallModels.model(3, 1, SmallModels.GREY, 1);
        SingleRow single = SingleRow.of(model)) {
      Exploration exploration = Exploration.of("m.mfa", model);
      Routes routes =
          new Routes(
              exploration,
              new Overview(exploration),
              new Scores(0),
              new CandidateBins(List.of(), 0),
              single,
              compute);
      occupy();
      CompletableFuture<Reply> first = answer(routes, "a");
      awaitWaiting(compute, 1);
      CompletableFuture<Reply> second = answer(routes, "a");
      assertThat(first.get().status()).isEqualTo(204);
      assertThat(first.get().body()).isEmpty();
      awaitWaiting(compute, 1);
      for (int i = 1; i < Compute.QUEUE; i++) {
        compute.begin(() -> 0);
      }
      assertThatThrownBy(() -> routes.answer(completion("b")))
          .isInstanceOfSatisfying(
              Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(503));
      free.countDown();
      assertThat(second.get().status()).isEqualTo(200);
    }
  }

  private static CompletableFuture<Reply> answer(Routes routes, String page) {
    return CompletableFuture.supplyAsync(
        () -> routes.answer(completion(page)), task -> new Thread(task).start());
  }

  private static Request completion(String page) {
    byte[] body = Client.completion(new byte[30], new float[30]);
    return new Request("POST", "/api/complete", Map.of("page", page), most -> body);
  }

  @Test
  void theLineIsShort() throws Exception {
    occupy();
    List<FutureTask<Integer>> waiting = new ArrayList<>();
    for (int i = 0; i < Compute.QUEUE; i++) {
      waiting.add(compute.begin(() -> 5));
    }
    assertThatThrownBy(() -> compute.begin(() -> 6))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(503));
    compute.withdraw(waiting.get(3));
    FutureTask<Integer> next = compute.begin(() -> 7);
    free.countDown();
    assertThat(compute.await(next)).isEqualTo(7);
    assertThat(compute.await(waiting.get(15))).isEqualTo(5);
    assertThatThrownBy(() -> compute.await(waiting.get(3)))
        .isInstanceOf(CancellationException.class);
  }

  @Test
  void whatAQuestionThrowsReachesWhoAsked() {
    assertThatThrownBy(
            () ->
                compute.ask(
                    () -> {
                      throw new IllegalArgumentException("no");
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no");
    assertThat(compute.<Integer>ask(() -> 1)).isEqualTo(1);
  }

  @Test
  void longWorkGivesWayAtEachStepButNotForEver() throws Exception {
    CountDownLatch stepped = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger steps = new AtomicInteger();
    compute.later(
        () -> {
          try (Progress.Stage stage = compute.givingWay().begin("work", 3)) {
            stage.advance(1);
            steps.incrementAndGet();
            stepped.countDown();
            go.await();
            long start = System.nanoTime();
            stage.advance(1);
            assertThat(System.nanoTime() - start).isGreaterThan(100_000_000L);
            steps.incrementAndGet();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    stepped.await();
    occupy();
    go.countDown();
    Thread.sleep(50);
    assertThat(steps).hasValue(1);
    while (steps.get() < 2) {
      Thread.sleep(5);
    }
    assertThat(free.getCount()).isEqualTo(1);
  }

  @Test
  void closingEndsLongWork() throws Exception {
    AtomicInteger steps = new AtomicInteger();
    compute.later(
        () -> {
          Progress.Stage stage = compute.givingWay().begin("work", -1);
          begun.countDown();
          while (true) {
            stage.advance(1);
            steps.incrementAndGet();
          }
        });
    begun.await();
    compute.close();
    int before = steps.get();
    Thread.sleep(50);
    assertThat(steps).hasValue(before);
  }
}
