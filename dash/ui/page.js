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

  document.addEventListener("click", (event) => {
    const holder = event.target.closest?.('[class*="st-key-png-"]');
    const name = holder && [...holder.classList].find((each) => each.startsWith("st-key-png-"));
    if (!name) return;
    const chart = document.querySelector(`.${CSS.escape("st-key-chart-" + name.slice("st-key-png-".length))}`);
    chart?.querySelector('.modebar-btn[data-title]')?.click();
  }, true);
}
