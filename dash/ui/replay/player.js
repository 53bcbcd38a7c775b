// Plays a conversation in the browser: nothing is asked of the server while it plays. What strangers wrote only ever
// becomes text nodes. The server hears where the person stopped (so that the address names it) and what to load.
const SLOWEST_MS = 3000, FASTEST_MS = 140, GAP_MS = 60000, TELL_MS = 500;

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".replay");
  const player = (root.player = root.player || new Player(root));
  player.component = component;
  player.take(data);
  return () => player.pause();
}

function make(tag, name, text) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text !== undefined && text !== null) element.textContent = text;
  return element;
}

class Player {
  constructor(root) {
    this.root = root;
    this.hidden = new Set();
    this.speed = 10;
    this.at = null;
    root.addEventListener("keydown", (event) => this.key(event));
  }

  take(data) {
    this.data = data;
    this.words = data.words;
    if (data.version === this.version) {
      if (this.jumped && data.missed) this.flash(this.words["no_" + data.missed]);
      this.jumped = false;
      if (data.asked !== this.asked) {
        this.asked = data.asked;
        this.seek = this.at = data.seek;
        this.pause();
        this.show(true);
      }
      return;
    }
    const fresh = data.conversation !== this.conversation;
    this.version = data.version;
    this.conversation = data.conversation;
    this.events = data.events;
    if (fresh || data.seek !== this.seek) this.at = data.seek;
    this.seek = data.seek;
    this.asked = data.asked;
    if (this.index(this.at) < 0) this.at = this.events.length && this.at ? this.events[0].ref : null;
    this.number = new Intl.NumberFormat(data.language);
    this.money = new Intl.NumberFormat(data.language, { minimumFractionDigits: 4, maximumFractionDigits: 4 });
    this.sum();
    this.draw();
    this.show(Boolean(this.at) && (fresh || this.jumped));
    this.jumped = false;
    if (this.goOn) { this.goOn = false; this.step(1, true); this.play(); }
  }

  sum() {
    let { tokens, cost } = this.data.before;
    for (const event of this.events) {
      tokens += event.tokens || 0;
      cost += event.cost || 0;
      event.sum = { tokens, cost };
    }
  }

  index(ref) { return this.events.findIndex((event) => event.ref === ref); }
  seen() { return this.events.filter((event) => !this.hidden.has(event.kind)); }

  // ---- drawing

  draw() {
    const top = make("div", "top");
    top.append(this.controls(), this.scrubber(), this.counters());
    this.list = make("ol", "events");
    this.root.replaceChildren(top, this.chips(), this.loader("before", this.data.more_before), this.list,
      this.loader("after", this.data.more_after));
    this.fill();
  }

  controls() {
    const bar = make("div", "controls");
    const button = (icon, words, act, name) => {
      const one = make("button", name || "", icon);
      one.type = "button"; one.title = words; one.setAttribute("aria-label", words);
      one.onclick = act;
      bar.append(one);
      return one;
    };
    button("⏮", this.words.step_back, () => this.step(-1));
    this.playButton = button("▶", this.words.play, () => this.toggle(), "play");
    button("⏭", this.words.step, () => this.step(1));
    const speed = make("select", "speed");
    speed.setAttribute("aria-label", this.words.speed); speed.title = this.words.speed;
    for (const times of [1, 10, 60, 600]) {
      const option = make("option", "", "×" + times);
      option.value = times; option.selected = times === this.speed;
      speed.append(option);
    }
    speed.onchange = () => { this.speed = Number(speed.value); if (this.timer) this.schedule(); };
    bar.append(speed);
    for (const [kind, icon] of [["error", "⚠"], ["approval", "⏳"]]) {
      const words = this.words["next_" + kind];
      button(icon, words, () => this.jump(kind), "jump").append(make("span", "", " " + words));
    }
    this.drawPlaying();
    return bar;
  }

  scrubber() {
    const slider = (this.slider = make("input", "scrub"));
    slider.type = "range"; slider.min = 0; slider.step = 1;
    slider.setAttribute("aria-label", this.words.scrub);
    slider.oninput = () => { this.pause(); this.go(this.seen()[Number(slider.value)], true); };
    return slider;
  }

  counters() {
    const place = make("div", "counters");
    this.counts = {};
    for (const name of ["moment", "elapsed", "tokens", "cost", "place"]) {
      const one = make("span", "counter");
      one.append(make("small", "", this.words["count_" + name]), (this.counts[name] = make("b")));
      this.counts[name].dir = "ltr";
      place.append(one);
    }
    return place;
  }

  chips() {
    const bar = make("div", "chips");
    for (const [kind, count] of Object.entries(this.data.kinds)) {
      const chip = make("button", "chip kind-" + kind, `${this.words["kind_" + kind]} ${this.number.format(count)}`);
      chip.type = "button";
      chip.setAttribute("aria-pressed", String(!this.hidden.has(kind)));
      chip.onclick = () => {
        this.hidden.has(kind) ? this.hidden.delete(kind) : this.hidden.add(kind);
        chip.setAttribute("aria-pressed", String(!this.hidden.has(kind)));
        this.fill();
        this.show(false);
      };
      bar.append(chip);
    }
    return bar;
  }

  loader(side, more) {
    const button = make("button", "load", this.words["load_" + side]);
    button.type = "button"; button.hidden = !more;
    button.onclick = () => this.ask(side);
    return button;
  }

  fill() {
    let before = null, day = null;
    const lines = [];
    for (const event of this.seen()) {
      if (event.day !== day && event.day) lines.push(make("li", "day", event.day));
      day = event.day;
      const gap = before && event.at !== null && before.at !== null ? event.at - before.at : 0;
      if (gap >= GAP_MS) {
        const waited = this.words["waited_" + event.waited] || this.words.waited_other;
        lines.push(make("li", "gap", `${this.span(gap)} · ${waited}`));
      }
      lines.push(this.line(event));
      before = event;
    }
    if (!lines.length) lines.push(make("li", "empty", this.words.nothing));
    this.list.replaceChildren(...lines);
    this.slider.max = Math.max(0, this.seen().length - 1);
  }

  line(event) {
    const line = make("li", `event kind-${event.kind} role-${event.role || "system"}`);
    line.dataset.ref = event.ref;
    if (event.failed) line.classList.add("failed");
    const box = make("div", event.kind === "message" ? "bubble" : "fact");
    const head = make("div", "head");
    if (event.icon) head.append(make("span", "icon", event.icon));
    head.append(this.plain("span", "who", event.who));
    if (event.title) head.append(this.plain("span", "title", event.title));
    if (event.status) head.append(this.plain("span", "status", event.status));
    const figures = [event.duration !== null ? this.span(event.duration) : "",
      event.tokens ? `${this.number.format(event.tokens)} ${this.words.tokens}` : "",
      event.cost ? `$${this.money.format(event.cost)}` : ""].filter(Boolean).join(" · ");
    if (figures) head.append(make("span", "figures", figures));
    const time = make("time", "", event.time);
    head.append(time);
    box.append(head);
    if (event.body) box.append(this.plain(event.kind === "message" ? "p" : "pre", "body", event.body));
    if (event.window) box.append(this.window(event.window));
    if (event.details.length) box.append(this.details(event.details));
    line.append(box);
    head.onclick = () => { this.pause(); this.go(event, false); };
    return line;
  }

  plain(tag, name, text) {
    const element = make(tag, name, text);
    element.dir = "auto";
    return element;
  }

  window({ share, words }) {
    const place = make("div", "window");
    const bar = make("div", "bar");
    const done = make("i");
    done.style.inlineSize = `${Math.round(share * 100)}%`;
    bar.append(done);
    place.append(bar, make("span", "", words));
    return place;
  }

  details(entries) {
    const place = make("details");
    const summary = make("summary");
    summary.title = this.words.details;
    summary.append(this.plain("span", "", entries.map(([name, text]) => `${name}: ${text.replace(/\s+/g, " ")}`).join(" · ").slice(0, 300)));
    place.append(summary);
    for (const [name, text] of entries) {
      place.append(make("small", "", name), this.plain("pre", "", text));
    }
    return place;
  }

  // ---- moving

  show(scroll) {
    const seen = this.seen(), place = seen.findIndex((event) => event.ref === this.at);
    const event = place >= 0 ? seen[place] : null;
    let reached = event !== null;
    for (const line of this.list.children) {
      line.classList.toggle("here", event !== null && line.dataset.ref === event.ref);
      line.classList.toggle("later", event !== null && !reached);
      if (event !== null && line.dataset.ref === event.ref) reached = false;
    }
    this.slider.value = Math.max(0, place);
    const sum = event ? event.sum : this.data.totals, first = this.data.first_at;
    const last = event ? event.at : this.data.last_at;
    this.counts.moment.textContent = event ? event.time : "–";
    this.counts.elapsed.textContent = last !== null && first !== null ? this.span(Math.max(0, last - first)) : "–";
    this.counts.tokens.textContent = this.number.format(sum.tokens);
    this.counts.cost.textContent = "$" + this.money.format(sum.cost);
    const number = event ? this.data.before.events + this.index(event.ref) + 1 : null;
    this.counts.place.textContent = `${event ? this.number.format(number) : "–"} / ${this.number.format(this.data.totals.events)}`;
    if (scroll && event) this.reveal();
  }

  reveal() {
    const line = this.list.querySelector(".here");
    if (!line) return;
    let area = this.root.getRootNode().host || this.root;
    while (area && !(area.scrollHeight > area.clientHeight + 4 && /auto|scroll/.test(getComputedStyle(area).overflowY)))
      area = area.parentElement;
    if (!area) return;
    const top = line.getBoundingClientRect().top - area.getBoundingClientRect().top;
    area.scrollTo({ top: area.scrollTop + top - area.clientHeight * 0.45, behavior: this.timer ? "smooth" : "auto" });
  }

  go(event, scroll) {
    if (!event) return;
    this.at = event.ref;
    this.show(scroll);
    if (!this.timer) this.tell();
  }

  step(by, quiet) {
    if (!quiet) this.pause();
    const seen = this.seen(), place = seen.findIndex((event) => event.ref === this.at);
    const next = seen[place < 0 ? (by > 0 ? 0 : seen.length - 1) : place + by];
    if (next) this.go(next, true);
    else if (by > 0 ? this.data.more_after : this.data.more_before) {
      this.goOn = by > 0 && Boolean(this.timer);
      this.pause();
      this.ask(by > 0 ? "after" : "before");
    } else this.pause();
  }

  jump(kind) {
    this.pause();
    const from = this.index(this.at);
    const next = this.events.find((event, place) => place > from && (event.kind === kind || (kind === "error" && event.failed)));
    if (next) { this.hidden.delete(next.kind); this.draw(); this.go(next, true); }
    else if (this.data.more_after) { this.jumped = true; this.ask(kind); }
    else this.flash(this.words["no_" + kind]);
  }

  flash(words) {
    const note = make("div", "note", words);
    note.setAttribute("role", "status");
    this.root.firstChild.append(note);
    setTimeout(() => note.remove(), 2500);
  }

  toggle() {
    if (this.timer) return this.pause();
    const seen = this.seen();
    if (seen.length && !this.data.more_after && seen[seen.length - 1].ref === this.at) this.at = null;
    this.play();
    if (!this.at) this.step(1, true);
  }

  play() { this.timer = -1; this.schedule(); this.drawPlaying(); }

  schedule() {
    clearTimeout(this.timer);
    const seen = this.seen(), place = seen.findIndex((event) => event.ref === this.at);
    const here = seen[place], next = seen[place + 1];
    const gap = here && next && here.at !== null && next.at !== null ? next.at - here.at : 0;
    this.timer = setTimeout(() => { this.step(1, true); if (this.timer) this.schedule(); },
      Math.min(SLOWEST_MS, Math.max(FASTEST_MS, gap / this.speed)));
  }

  pause() {
    if (!this.timer) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.drawPlaying();
    this.tell();
  }

  drawPlaying() {
    const words = this.timer ? this.words.pause : this.words.play;
    this.playButton.textContent = this.timer ? "⏸" : "▶";
    this.playButton.title = words;
    this.playButton.setAttribute("aria-label", words);
  }

  key(event) {
    if (/^(INPUT|SELECT|SUMMARY|BUTTON)$/.test(event.target.tagName) && event.key !== "Escape") return;
    const act = { ArrowRight: () => this.step(1), ArrowLeft: () => this.step(-1), " ": () => this.toggle() }[event.key];
    if (act) { event.preventDefault(); act(); }
  }

  // ---- the server

  tell() {
    clearTimeout(this.telling);
    this.telling = setTimeout(() => { if (!this.timer) this.component.setStateValue("at", this.at); }, TELL_MS);
  }

  ask(what) {
    clearTimeout(this.telling);
    this.component.setTriggerValue("load", { what, at: this.at });
  }

  span(ms) {
    const w = this.words, s = ms / 1000, one = new Intl.NumberFormat(this.data.language, { maximumFractionDigits: 1 });
    if (ms < 1000) return `${Math.round(ms)} ${w.unit_ms}`;
    if (s < 60) return `${one.format(s)} ${w.unit_s}`;
    if (s < 3600) return `${Math.floor(s / 60)} ${w.unit_min}` + (Math.round(s % 60) && s < 600 ? ` ${Math.round(s % 60)} ${w.unit_s}` : "");
    if (s < 172800) return `${Math.floor(s / 3600)} ${w.unit_h}` + (Math.floor((s % 3600) / 60) ? ` ${Math.floor((s % 3600) / 60)} ${w.unit_min}` : "");
    return `${one.format(s / 86400)} ${w.unit_d}`;
  }
}
