// Streamlit hears of a text when its field is left, or at Ctrl+Enter. This presses that for the person, a moment after
// the last letter, so that the findings follow the typing. Once per page: the listener stays when the script runs again.
if (!window.dashTyping) {
  window.dashTyping = true;
  let waiting = 0;
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLTextAreaElement) || !field.closest(".st-key-draft-editor")) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const key = { key: "Enter", code: "Enter", keyCode: 13, ctrlKey: true, bubbles: true, cancelable: true };
      field.dispatchEvent(new KeyboardEvent("keydown", key));
    }, 700);
  }, true);
}
