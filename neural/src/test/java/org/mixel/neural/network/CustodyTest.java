package org.mixel.neural.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Parts that were not handed over are all closed, the last one first, whatever they throw. */
class CustodyTest {
  private final List<String> closed = new ArrayList<>();

  private AutoCloseable part(String name, Exception failure) {
    return () -> {
      closed.add(name);
      throw failure;
    };
  }

  @Test
  void everyPartIsClosedThoughOthersThrow() {
    Custody custody = new Custody();
    RuntimeException first = new IllegalArgumentException();
    IOException second = new IOException();
    RuntimeException third = new IllegalStateException();
    custody.add(part("first", first));
    custody.add(part("second", second));
    custody.add(part("third", third));
    assertThat(catchThrowable(custody::close)).isSameAs(third);
    assertThat(closed).containsExactly("third", "second", "first");
    assertThat(third.getSuppressed()).hasSize(2);
    assertThat(third.getSuppressed()[0]).hasCause(second);
    assertThat(third.getSuppressed()[1]).isSameAs(first);
    custody.close();
    assertThat(closed).hasSize(3);
  }

  @Test
  void whatIsHandedOverStaysOpen() {
    try (Custody custody = new Custody()) {
      custody.add(() -> closed.add("part"));
      assertThat(custody.handOver("owner")).isEqualTo("owner");
    }
    assertThat(closed).isEmpty();
  }
}
