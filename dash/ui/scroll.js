// Bring the last question to the top of the page, also after charts below it have taken their height.
for (const milliseconds of [0, 120, 400, 900]) {
  setTimeout(() => {
    const asked = document.querySelectorAll('[data-testid="stChatMessage"]:has([class*="st-key-asked-"])');
    if (asked.length > 0) asked[asked.length - 1].scrollIntoView({ block: "start" });
  }, milliseconds);
}
