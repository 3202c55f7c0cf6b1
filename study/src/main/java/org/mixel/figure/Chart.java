package org.mixel.figure;

import static org.mixel.figure.Markup.escape;

import java.awt.image.BufferedImage;

/**
 * A plot that answers the mouse where scripts run; elsewhere, and on paper, it is a still drawing.
 *
 * @param still the same plot as a drawing
 * @param liveHeight height of the live plot in CSS pixels; it is as wide as the drawing
 * @param data the live plot as JSON: the {@code option} of Apache ECharts, in which every colour is
 *     an array of two, for light and for dark pages, a data item's tooltip is its {@code hint}, and
 *     {@code places} names each place on the horizontal axis
 */
public record Chart(Drawing still, int liveHeight, String data) implements Figure {
  @Override
  public double width() {
    return still.width();
  }

  @Override
  public double height() {
    return still.height();
  }

  /** The still drawing. */
  @Override
  public BufferedImage image() {
    return still.image();
  }

  /**
   * An empty box for the live plot, the plot's data, which no browser takes for a script, and the
   * drawing. No data can end the element that holds them.
   */
  @Override
  public String html(String alt) {
    return """
    <div class="live" role="img" aria-label="%s" style="height:%dpx"></div>
    <script type="application/json">%s</script>
    %s\
    """
        .formatted(escape(alt), liveHeight, data.replace("<", "\\u003c"), still.html(alt));
  }
}
