package org.mixel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mixel.InputException;
import org.mixel.data.DataOptions.Box;
import org.mixel.data.DataOptions.Center;
import org.mixel.data.DataOptions.Crop;
import org.mixel.data.DataOptions.Layout;
import org.mixel.data.DataOptions.Size;

/** The texts of the command line are understood, and wrong ones answered in one line. */
class DataOptionsTest {
  @Test
  void rightTexts() {
    assertThat(Size.parse("64x32")).isEqualTo(new Size(64, 32)).hasToString("64x32");
    assertThat(Layout.parse("NHWC")).isEqualTo(Layout.NHWC);
    assertThat(Crop.parse("center")).isEqualTo(new Center());
    assertThat(Crop.parse("25, 50,128,120")).isEqualTo(new Box(25, 50, 128, 120));
    assertThat(DataOptions.defaults().withSize(new Size(1, 2)).withLayout(Layout.NCHW))
        .isEqualTo(new DataOptions(Layout.NCHW, new Size(1, 2), null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "64", "64x", "x64", "-1x3", "64x64x3", "9999999x1", "64*64"})
  void wrongSizes(String text) {
    assertThatThrownBy(() -> Size.parse(text))
        .isInstanceOf(InputException.class)
        .hasMessage("size must be WxH such as 64x64, got '" + text + "'");
  }

  @Test
  void unusableValues() {
    assertThatThrownBy(() -> Size.parse("0x5")).hasMessage("unusable image size 0x5");
    assertThatThrownBy(() -> Size.parse("99999x99999"))
        .hasMessage("unusable image size 99999x99999");
    assertThatThrownBy(() -> Crop.parse("1,2,0,4")).hasMessageContaining("it has no pixels");
    assertThatThrownBy(() -> Crop.parse("middle"))
        .hasMessage(
            "crop must be center, or left,top,width,height such as 25,50,128,128, got 'middle'");
    assertThatThrownBy(() -> Layout.parse("hwc"))
        .hasMessage("layout must be nhwc or nchw, got 'hwc'");
  }

  @Test
  void wordsAreReadAsTheSameOptions() {
    assertThat(DataOptions.defaults().words()).isEmpty();
    DataOptions all = new DataOptions(Layout.NCHW, new Size(64, 32), new Box(25, 50, 128, 120));
    List<String> words = all.words();
    assertThat(words)
        .containsExactly("--layout", "nchw", "--size", "64x32", "--crop", "25,50,128,120");
    assertThat(
            new DataOptions(
                Layout.parse(words.get(1)), Size.parse(words.get(3)), Crop.parse(words.get(5))))
        .isEqualTo(all);
  }
}
