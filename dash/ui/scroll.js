// Keep one question at the top of the page (the one that is named, else the last) while what belongs below it takes its
// height (charts come late, the questions offered by the answer before go away), until the person does anything or ten
// seconds are over.
// The braces matter: the page runs this once per question, and a name can be declared only once outside of them.
{
  const end = Date.now() + 10000;
  const named = "{{named}}";
  let free = false;
  for (const event of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    window.addEventListener(event, () => { free = true; }, { once: true, passive: true });
  }
  const follow = () => {
    if (free || Date.now() > end) return;
    const one = named && `[class*="st-key-asked-${named}"]`;
    const asked = document.querySelectorAll(`[data-testid="stChatMessage"]:has(${one || '[class*="st-key-asked-"]'})`);
    if (asked.length > 0) asked[asked.length - 1].scrollIntoView({ block: "start" });
    setTimeout(follow, 80);
  };
  follow();
}
