// A process that was started anew knows nothing of a tab that stayed open until the tab runs its page again: what is
// clicked before that would be lost in silence. Streamlit's own key for "run again" does it, and keeps what is typed.
// What the page says while nobody answers is in the looks of the frame; the words come from here.
document.documentElement.style.setProperty("--dash-offline", {{words}});
if (!window.dashConnection) {
  window.dashConnection = true;
  let away = false;
  const look = () => {
    const app = document.querySelector('[data-testid="stApp"]');
    const connected = app?.getAttribute("data-test-connection-state") === "CONNECTED";
    if (connected && away) {
      const key = { key: "r", code: "KeyR", keyCode: 82, which: 82, bubbles: true };
      for (const kind of ["keydown", "keypress", "keyup"]) document.dispatchEvent(new KeyboardEvent(kind, key));
    }
    away = !connected;
  };
  new MutationObserver(look).observe(document.body, {
    subtree: true, attributes: true, attributeFilter: ["data-test-connection-state"],
  });
}
