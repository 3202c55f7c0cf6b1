// Draws each chart of the page in place of its still drawing, which stays where this fails.
{
  const dark = matchMedia("(prefers-color-scheme: dark)");

  // Every colour is a pair: for light and for dark pages.
  const inScheme = (key, value) =>
    /color$/i.test(key) && Array.isArray(value) ? value[dark.matches ? 1 : 0] : value;

  // Names are set as text: markup in them means nothing.
  const line = (text, colour) => {
    const element = document.createElement("div");
    const mark = element.appendChild(document.createElement("span"));
    mark.textContent = colour ? "\u25cf " : "";
    mark.style.color = colour;
    element.append(text);
    return element;
  };

  const draw = (box, text) => {
    box.style.display = "block";
    const chart = echarts.init(box, null, { renderer: "svg" });
    const show = () => {
      const { places, option } = JSON.parse(text, inScheme);
      option.tooltip.formatter = (points) => [
        line(places[points[0].dataIndex], ""),
        ...points.map((point) => line(point.data.hint, point.color)),
      ];
      chart.setOption(option);
    };
    show();
    dark.addEventListener("change", show);
    new ResizeObserver(() => chart.resize()).observe(box);
  };

  for (const box of document.querySelectorAll(".live")) {
    try {
      draw(box, box.nextElementSibling.textContent);
    } catch (problem) {
      box.replaceChildren();
      console.error(problem);
    }
    box.style.display = "";
  }
}
