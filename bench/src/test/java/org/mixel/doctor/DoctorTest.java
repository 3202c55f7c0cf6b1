package org.mixel.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.mixel.Progress;
import org.mixel.data.CacheFolder;

/** The doctor finds a working installation working, and tells what there is. */
class DoctorTest {
  @Test
  void everyPartWorksHere() {
    assertThat(SelfTest.run(Progress.SILENT))
        .allSatisfy(outcome -> assertThat(outcome.passed()).as(outcome.finding()).isTrue())
        .extracting(SelfTest.Outcome::name)
        .containsExactly("matrix products", "files", "mixture", "NDB", "network");
  }

  @Test
  void machineTellsWhatItHas() {
    Machine machine = Machine.here();
    assertThat(machine.facts())
        .extracting(Machine.Fact::subject)
        .contains("Java", "system", "processor", "engine", "GPU", "native libraries", "downloads");
    assertThat(finding(machine, "Java")).startsWith(System.getProperty("java.version") + ",");
    assertThat(finding(machine, "engine"))
        .matches("libtorch 2.*, OpenBLAS 0.*, JavaCPP 1.*, [0-9]+ threads");
    assertThat(finding(machine, "kept features"))
        .startsWith(CacheFolder.path().resolve("features") + ", ")
        .matches(".* GB free; has [0-9]+ MB of them");
    assertThat(finding(machine, "processor")).contains(" cores, ");
  }

  private static String finding(Machine machine, String subject) {
    return machine.facts().stream()
        .filter(fact -> fact.subject().equals(subject))
        .findFirst()
        .orElseThrow()
        .finding();
  }
}
