// Bring the panel that was just opened into sight, without moving what is in sight already: at least a good part of it
// above the input, and its heading below the upper edge, where a page that stays at its end would have pushed it. What
// opened it may stand in a menu that would hide it; that one is closed. The person's own scrolling has the last word.
{
  const kind = "{{kind}}";
  const end = Date.now() + 2500;
  let free = false;
  for (const event of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    window.addEventListener(event, () => { free = true; }, { once: true, passive: true });
  }
  const show = () => {
    if (free || Date.now() > end) return;
    const panel = document.querySelector(`[class*="st-key-panel-${kind}-"]`);
    if (panel) {
      const menu = document.querySelector('[data-testid="stPopoverBody"]');
      if (menu && !panel.contains(menu)) document.querySelector('[data-testid="stPopoverButton"][aria-expanded="true"]')?.click();
      const input = document.querySelector('[data-testid="stBottom"]');
      const bottom = input ? input.getBoundingClientRect().top : window.innerHeight;
      const place = panel.getBoundingClientRect();
      if (place.top < 0) panel.scrollIntoView({ block: "start" });
      else if (place.top > bottom - Math.min(240, place.height)) panel.scrollIntoView({ block: "center" });
    }
    setTimeout(show, 120);
  };
  setTimeout(show, 150);
}
