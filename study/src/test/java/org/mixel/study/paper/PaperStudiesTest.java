package org.mixel.study.paper;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.mixel.data.DataOptions;

/** The paper's studies read their images as the paper did, unless they are told otherwise. */
class PaperStudiesTest {
  @Test
  void facesOfAnySizeKeepThePapersCut() {
    DataOptions paper = PaperStudies.faces(DataOptions.defaults());
    assertThat(paper.crop()).isEqualTo(new DataOptions.Box(25, 50, 128, 128));
    assertThat(paper.size()).isEqualTo(new DataOptions.Size(64, 64));
    DataOptions.Size small = new DataOptions.Size(32, 32);
    DataOptions smaller = PaperStudies.faces(DataOptions.defaults().withSize(small));
    assertThat(smaller.crop()).isEqualTo(paper.crop());
    assertThat(smaller.size()).isEqualTo(small);
    DataOptions.Box half = new DataOptions.Box(12, 25, 64, 64);
    assertThat(PaperStudies.faces(DataOptions.defaults().withCrop(half)).crop()).isEqualTo(half);
  }
}
