// Two things that the page's own parts cannot do: bring earlier questions back with the arrow keys, and save a chart as a
// picture. Listeners hang on the document, once a page; whatever Streamlit draws anew is found when it is needed.
if (!window.dashKeys) {
  window.dashKeys = true;
  const INPUT = 'textarea[data-testid="stChatInputTextArea"]';
  let place = null;  // how many questions back the input shows; null when it shows none of them
  let shown = "";

  const asked = () => {
    const found = [...document.querySelectorAll('[class*="st-key-asked-"] [data-testid="stText"]')];
    return found.map((each) => each.innerText.trim()).filter((words, at, all) => words && words !== all[at - 1]);
  };
  const put = (input, words) => {
    const property = Object.getOwnPropertyDescriptor(window.HTMLTextAreaElement.prototype, "value");
    property.set.call(input, words);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    shown = words;
    requestAnimationFrame(() => input.setSelectionRange(words.length, words.length));
  };

  document.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!input.matches?.(INPUT) || event.isComposing || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    // Only an empty input and a question that was brought back unchanged; in anything else the arrows move the cursor.
    if (input.value === "") place = null;
    else if (place === null || input.value !== shown) return;
    const questions = asked();
    const next = event.key === "ArrowUp" ? (place ?? 0) + 1 : (place ?? 0) - 1;
    if (next > questions.length || (event.key === "ArrowDown" && place === null)) return;
    event.preventDefault();
    event.stopPropagation();
    place = next > 0 ? next : null;
    put(input, place === null ? "" : questions[questions.length - place]);
  }, true);

  // On the page the title stands above the chart; a picture that leaves the page takes it along. Plotly copies the layout
  // when its button is pressed, so what stands in it for that long is in the picture only.
  const save = (plot, button, title) => {
    const page = plot.layout;
    const options = plot._context?.toImageButtonOptions;
    if (title && options) {
      const inert = title.replace(/[&<>]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign]);
      const font = { size: 15, weight: 600, color: getComputedStyle(document.body).color };
      const margin = { ...page.margin, t: (page.margin?.t ?? 0) + 44 };
      const place = { text: inert, x: 0.01, xanchor: "left", y: 1, yref: "container", yanchor: "top", pad: { t: 14 } };
      plot.layout = { ...page, title: { ...place, automargin: false, font }, margin };
      plot._context.toImageButtonOptions = { ...options, height: plot.clientHeight + 44 };
    }
    button?.click();
    plot.layout = page;
    if (options) plot._context.toImageButtonOptions = options;
  };

  document.addEventListener("click", (event) => {
    const holder = event.target.closest?.('[class*="st-key-png-"]');
    const name = holder && [...holder.classList].find((each) => each.startsWith("st-key-png-"));
    if (!name) return;
    const key = name.slice("st-key-png-".length);
    const chart = document.querySelector(`.${CSS.escape("st-key-chart-" + key)}`);
    const title = document.querySelector(`.${CSS.escape("st-key-chart-title-" + key)} [data-testid="stText"]`);
    const plot = chart?.querySelector(".js-plotly-plot");
    if (plot) save(plot, chart.querySelector(".modebar-btn[data-title]"), title?.innerText.trim());
  }, true);
}
