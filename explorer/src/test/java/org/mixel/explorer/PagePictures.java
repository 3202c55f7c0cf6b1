package org.mixel.explorer;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.LoadState;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Makes the pictures of {@code docs/explore.md} of a page that is being served: {@code -Dpage} is
 * the address that {@code mixel explore} printed, {@code -Dpictures} the folder.
 */
@ExtendWith(InChromium.class)
@EnabledIfSystemProperty(named = "page", matches = "http.*")
class PagePictures {
  private static final int COLOURS = 128;

  /** The name of each picture and the state it shows. */
  private static final Map<String, String> STATES = new LinkedHashMap<>();

  static {
    STATES.put("map", "view=map&component=12&colour=weight");
    STATES.put("component", "view=component&component=12&z=1.2,-0.8&colour=class:4");
    STATES.put("complete", "view=complete&component=62&row=18&mask=bottom");
    STATES.put("likelihood", "view=likelihood&component=33&row=8");
    STATES.put("bins", "view=bins&bin=9&colour=z");
  }

  @Test
  void picturesOfTheManual(Browser browser) throws IOException {
    Path folder = Path.of(System.getProperty("pictures", "../docs/images"));
    String address = System.getProperty("page");
    try (Page page =
        browser.newPage(new Browser.NewPageOptions().setViewportSize(ShownPage.WIDE, 800))) {
      page.navigate(address);
      for (Map.Entry<String, String> state : STATES.entrySet()) {
        page.evaluate("state => { location.hash = state; }", state.getValue());
        page.reload();
        page.waitForSelector("main[aria-busy=false]");
        page.waitForLoadState(LoadState.NETWORKIDLE);
        BufferedImage shot = ImageIO.read(new ByteArrayInputStream(page.screenshot()));
        ImageIO.write(
            small(shot), "png", folder.resolve("explore-" + state.getKey() + ".png").toFile());
      }
    }
  }

  /** The picture in its 128 most frequent colours, each a mean over 8x8x8 of 256x256x256. */
  private static BufferedImage small(BufferedImage picture) {
    int[] pixels =
        picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
    Map<Integer, long[]> sums = new HashMap<>();
    for (int pixel : pixels) {
      long[] sum = sums.computeIfAbsent(pixel & 0xF8F8F8, key -> new long[4]);
      sum[0]++;
      for (int c = 0; c < 3; c++) {
        sum[c + 1] += pixel >> 16 - 8 * c & 0xFF;
      }
    }
    List<long[]> chosen =
        sums.values().stream()
            .sorted(Comparator.comparingLong((long[] sum) -> -sum[0]))
            .limit(COLOURS)
            .toList();
    byte[][] palette = new byte[3][chosen.size()];
    for (int i = 0; i < chosen.size(); i++) {
      for (int c = 0; c < 3; c++) {
        palette[c][i] = (byte) Math.round((double) chosen.get(i)[c + 1] / chosen.get(i)[0]);
      }
    }
    BufferedImage indexed =
        new BufferedImage(
            picture.getWidth(),
            picture.getHeight(),
            BufferedImage.TYPE_BYTE_INDEXED,
            new IndexColorModel(8, chosen.size(), palette[0], palette[1], palette[2]));
    Map<Integer, Integer> nearest = new HashMap<>();
    for (int i = 0; i < pixels.length; i++) {
      int place = nearest.computeIfAbsent(pixels[i], pixel -> nearest(palette, pixel));
      indexed.getRaster().setSample(i % picture.getWidth(), i / picture.getWidth(), 0, place);
    }
    return indexed;
  }

  private static int nearest(byte[][] palette, int pixel) {
    int best = 0;
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < palette[0].length; i++) {
      int distance = 0;
      for (int c = 0; c < 3; c++) {
        int away = (palette[c][i] & 0xFF) - (pixel >> 16 - 8 * c & 0xFF);
        distance += away * away;
      }
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    return best;
  }
}
