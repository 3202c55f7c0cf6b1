package org.mixel.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.mixel.InputException;
import org.mixel.data.DataOptions;

/** No study passes over options that it does not take, or forgets in its report those it takes. */
class StudyTest {
  @Test
  void optionsThatAStudyDoesNotTakeAreRefused() {
    assertThatThrownBy(() -> Study.TOY.requireTaken(true, false))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "study toy has its own data and no stages; leave out `data`, `labels`, `size`, `crop`,"
                + " `layout`, `stages` and `mirror`");
    assertThatThrownBy(() -> Study.POWER.requireTaken(true, true))
        .hasMessage("study power trains no models; leave out `stages` and `mirror`");
    assertThatCode(() -> Study.POWER.requireTaken(true, false)).doesNotThrowAnyException();
    assertThatCode(() -> Study.MNIST.requireTaken(true, true)).doesNotThrowAnyException();
    assertThatCode(() -> Study.NDB.requireTaken(false, false)).doesNotThrowAnyException();
  }

  @Test
  void aReportNamesAllThatDecidesTheImages() {
    DataOptions small = DataOptions.defaults().withSize(new DataOptions.Size(32, 32));
    assertThat(new Study.Images("faces.zip", Path.of("labels.npy"), small, true).arguments())
        .isEqualTo(" --data faces.zip --size 32x32 --labels labels.npy --mirror");
    assertThat(new Study.Images(null, null, DataOptions.defaults(), false).arguments()).isEmpty();
  }
}
