package org.mixel.study;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.mixel.InputException;

/** Protects that no study passes over options that it does not take. */
class StudyTest {
  @Test
  void optionsThatAStudyDoesNotTakeAreRefused() {
    assertThatThrownBy(() -> Study.TOY.requireTaken(true, false))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "study toy has its own data and no stages; leave out `data`, `labels` and `stages`");
    assertThatThrownBy(() -> Study.POWER.requireTaken(true, true))
        .hasMessage("study power has no stages; leave out `stages`");
    assertThatCode(() -> Study.POWER.requireTaken(true, false)).doesNotThrowAnyException();
    assertThatCode(() -> Study.MNIST.requireTaken(true, true)).doesNotThrowAnyException();
    assertThatCode(() -> Study.NDB.requireTaken(false, false)).doesNotThrowAnyException();
  }
}
