package org.mixel.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The native libraries find variables that the process was not started with. */
@EnabledOnOs(OS.LINUX)
class EnvironmentTest {
  @Test
  void threadsAreToldNotToSpinBeforeTheEngineIsLoaded() {
    LibTorch.load();
    List<String> present = new ArrayList<>();
    System.getenv().forEach((name, value) -> present.add(name + "=" + value));
    List<String> seen = nativeVariables();
    assertThat(seen).containsAll(present).doesNotHaveDuplicates();
    assertThat(seen.stream().map(entry -> entry.split("=", 2)[0]))
        .contains("OPENBLAS_THREAD_TIMEOUT", "OMP_WAIT_POLICY")
        .doesNotHaveDuplicates();
  }

  @Test
  void theTableOutlivesTheScopeThatIsOpen() {
    LibTorch.load();
    PointerPointer<Pointer> table = new PointerPointer<>(Loader.addressof("environ"));
    Pointer before = table.get(0);
    int kept = Environment.NEVER_FREED.size();
    try {
      try (PointerScope scope = new PointerScope()) {
        Environment.prepare();
      }
      assertThat(Environment.NEVER_FREED.subList(kept, Environment.NEVER_FREED.size()))
          .noneMatch(pointer -> pointer.isNull());
    } finally {
      table.put(0, before);
    }
  }

  private static List<String> nativeVariables() {
    PointerPointer<Pointer> table = new PointerPointer<>(Loader.addressof("environ"));
    PointerPointer<Pointer> entries = new PointerPointer<>(table.get(0));
    List<String> variables = new ArrayList<>();
    for (Pointer entry = entries.get(0); entry != null; entry = entries.get(variables.size())) {
      variables.add(new BytePointer(entry).getString());
    }
    return variables;
  }
}
