package org.mixel.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * Environment variables of the native libraries. They are read once, when a library is loaded, and
 * Java has no call that sets them: this replaces the C library's table of them, {@code environ}.
 *
 * <p>Variables that the process was started with stay as they are. {@link System#getenv} does not
 * show the new ones; a child process inherits them unless its environment was asked for. Where
 * there is no such table (on Windows), nothing is set.
 */
final class Environment {
  /**
   * Matrix products run on OpenBLAS's threads, all else on OpenMP's: neither may keep the cores
   * busy while it waits for work.
   */
  private static final Map<String, String> NO_SPINNING =
      Map.of("OPENBLAS_THREAD_TIMEOUT", "4", "OMP_WAIT_POLICY", "PASSIVE");

  /** Large tensors come and go: huge pages spare the kernel most of the work of mapping them. */
  private static final Map<String, String> HUGE_PAGES = Map.of("THP_MEM_ALLOC_ENABLE", "1");

  /** The native libraries may look into the table at any time. */
  static final List<Pointer> NEVER_FREED = new ArrayList<>();

  private Environment() {}

  /** Sets what makes libtorch fast; to be called before it is loaded. */
  static void prepare() {
    // Asking Java first makes its own copy of the table, which a child process gets that looks at
    // its environment.
    Map<String, String> present = System.getenv();
    Map<String, String> wanted = new TreeMap<>(NO_SPINNING);
    if (!present.getOrDefault("GLIBC_TUNABLES", "").contains("hugetlb")) {
      wanted.putAll(HUGE_PAGES);
    }
    wanted.keySet().removeAll(present.keySet());
    Pointer table = Loader.addressof("environ");
    if (table != null && !wanted.isEmpty()) {
      add(wanted, new PointerPointer<>(table));
    }
  }

  private static void add(Map<String, String> variables, PointerPointer<Pointer> table) {
    List<Pointer> entries = entries(table.get(0));
    // Retained, so that a scope of the caller's does not free them.
    variables.forEach(
        (name, value) ->
            entries.add(new BytePointer(name + "=" + value).<BytePointer>retainReference()));
    PointerPointer<Pointer> longer = new PointerPointer<>(entries.size() + 1L);
    longer.retainReference();
    for (int i = 0; i < entries.size(); i++) {
      longer.put(i, entries.get(i));
    }
    longer.put(entries.size(), (Pointer) null);
    NEVER_FREED.addAll(entries);
    NEVER_FREED.add(longer);
    table.put(0, longer);
  }

  private static List<Pointer> entries(@Nullable Pointer first) {
    List<Pointer> entries = new ArrayList<>();
    if (first != null) {
      PointerPointer<Pointer> strings = new PointerPointer<>(first);
      for (Pointer entry = strings.get(0); entry != null; entry = strings.get(entries.size())) {
        entries.add(entry);
      }
    }
    return entries;
  }
}
