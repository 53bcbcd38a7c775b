// Bring back whoever followed a link and had to sign in first: the provider sends them to the front page, whatever they
// had asked for. Kept in this tab alone, followed once, within an hour, and only to an address of our own.
{
  const KEY = "dash.wanted", HOUR = 3600000;
  const here = location.pathname + location.search;
  const read = () => {
    try { return JSON.parse(sessionStorage.getItem(KEY)) || {}; } catch { return {}; }
  };
  if ("{{at}}" === "door") {
    // A sign-in that failed ends at the bare front page: what was wanted before stays.
    if (here !== "/") sessionStorage.setItem(KEY, JSON.stringify({ address: here, at: Date.now() }));
  } else {
    const { address, at } = read();
    sessionStorage.removeItem(KEY);
    const ours = typeof address === "string" && new URL(address, location.origin).origin === location.origin;
    if (ours && here === "/" && Date.now() - at < HOUR) location.replace(address);
  }
}
