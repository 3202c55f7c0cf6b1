package org.mixel.explorer;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.LoadState;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
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
  private static final int COLOURS = 80;

  /** The name of each picture and the state it shows. */
  private static final Map<String, String> STATES = new LinkedHashMap<>();

  static {
    STATES.put("map", "view=map&component=12&colour=weight");
    STATES.put("component", "view=component&component=12&z=1.2,-0.8&colour=class:4");
    STATES.put("complete", "view=complete&component=62&row=18&mask=bottom");
    STATES.put("likelihood", "view=likelihood&component=33&row=8");
    STATES.put("bins", "view=bins&component=58&bin=9&colour=z");
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

  /** The picture in few colours: PNG then takes half the bytes. */
  private static BufferedImage small(BufferedImage picture) {
    int width = picture.getWidth();
    int[] pixels = picture.getRGB(0, 0, width, picture.getHeight(), null, 0, width);
    int[] palette = palette(pixels);
    BufferedImage indexed =
        new BufferedImage(
            width,
            picture.getHeight(),
            BufferedImage.TYPE_BYTE_INDEXED,
            new IndexColorModel(8, palette.length, palette, 0, false, -1, DataBuffer.TYPE_BYTE));
    Map<Integer, Integer> nearest = new HashMap<>();
    for (int i = 0; i < pixels.length; i++) {
      int place =
          nearest.computeIfAbsent(
              pixels[i],
              pixel ->
                  IntStream.range(0, palette.length)
                      .boxed()
                      .min(Comparator.comparingInt(p -> distance(palette[p], pixel)))
                      .orElseThrow());
      indexed.getRaster().setSample(i % width, i / width, 0, place);
    }
    return indexed;
  }

  /** Colours one after the other, each far from those before and frequent. */
  private static int[] palette(int[] pixels) {
    Map<Integer, Integer> counts = new HashMap<>();
    for (int pixel : pixels) {
      counts.merge(pixel & 0xFFFFFF, 1, Integer::sum);
    }
    int[] colours = counts.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
    double[] away = new double[colours.length];
    Arrays.fill(away, 1e6);
    int[] palette = new int[Math.min(COLOURS, colours.length)];
    for (int p = 0; p < palette.length; p++) {
      int next = 0;
      double most = -1;
      for (int i = 0; i < colours.length; i++) {
        double worth = away[i] * Math.sqrt(counts.getOrDefault(colours[i], 0));
        if (worth > most) {
          most = worth;
          next = i;
        }
      }
      palette[p] = colours[next];
      for (int i = 0; i < colours.length; i++) {
        away[i] = Math.min(away[i], distance(colours[i], palette[p]));
      }
    }
    return palette;
  }

  private static int distance(int first, int second) {
    int sum = 0;
    for (int shift = 0; shift < 24; shift += 8) {
      int away = (first >> shift & 0xFF) - (second >> shift & 0xFF);
      sum += away * away;
    }
    return sum;
  }
}
