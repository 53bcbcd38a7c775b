// Bring the panel that was just opened into sight, without moving what is in sight already.
{
  let tries = 0;
  const show = () => {
    const panel = document.querySelector('[class*="st-key-panel-behind-"]');
    const end = document.querySelector('[data-testid="stBottom"]');
    if (!panel && tries++ < 20) { setTimeout(show, 100); return; }
    if (!panel) return;
    const bottom = end ? end.getBoundingClientRect().top : window.innerHeight;
    if (panel.getBoundingClientRect().top > bottom - 240) panel.scrollIntoView({ block: "center" });
  };
  setTimeout(show, 150);
}
