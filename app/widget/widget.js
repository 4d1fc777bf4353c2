/* The loader: puts a button on a page, and loads nothing else until somebody uses it.
   Knows nothing of the talk, which stays in a frame of another origin that the page cannot
   read. The server's page /widget/ explains the options. */
(() => {
  "use strict";
  if (typeof document === "undefined") return; // a page being rendered on a server
  const NAME = "glute-guide";
  const V = 1; // of the messages; see bridge.js

  // `currentScript` is null when a bundler runs us: take the first tag left.
  const tag = document.currentScript ||
    [...document.scripts].find((script) => /\/widget\.js\b/.test(script.src) && !script[NAME]);
  if (!tag) throw new Error("Glute Guide: this page has no script widget.js");
  if (tag.dataset.probe) return; // see fail()
  tag[NAME] = true;
  // A second tag adds a widget to the first loader; the same twice is one.
  if (window.GluteGuide?.mount) return window.GluteGuide.mount(tag.dataset);

  const LABELS = {
    en: ["Ask", "Close", "Try again", "The guide cannot be shown here.",
      "The guide does not answer right now."],
    de: ["Frag", "Schließen", "Erneut versuchen", "Der Guide darf hier nicht erscheinen.",
      "Der Guide ist gerade nicht erreichbar."],
    es: ["Pregunta a", "Cerrar", "Reintentar", "La guía no se puede mostrar aquí.",
      "La guía no responde ahora mismo."],
    fr: ["Demander à", "Fermer", "Réessayer", "Le guide ne peut pas s’afficher ici.",
      "Le guide ne répond pas pour le moment."],
  };
  const BRAND = "#0f6b5c";
  const PHONE = "(max-width:640px),(max-height:480px)";
  // Ink is white, or black where the colour's luminance y asks for it: always 4.5 to 1.
  const STYLE = `
:host{all:initial!important;display:block!important;direction:ltr!important;font:16px/1.5 system-ui,sans-serif!important}
*{box-sizing:border-box;--k:clamp(0,(.179 - y)*9999,1)}
button{min-height:40px;padding:8px 16px;border:1px solid #888a;border-radius:28px;background:none;color:inherit;font:inherit;text-align:inherit;cursor:pointer}
:focus-visible{outline:3px solid var(--brand);outline-offset:3px;box-shadow:0 0 0 3px #fff}
.go{background:var(--brand);color:#fff}
@supports(color:color(from red xyz y y y)){.go{color:color(from var(--brand) xyz var(--k) var(--k) var(--k))}}
.bubble,dialog{position:fixed;z-index:var(--z);inset:max(20px,env(safe-area-inset-top)) max(20px,env(safe-area-inset-right)) max(20px,env(safe-area-inset-bottom)) max(20px,env(safe-area-inset-left))}
.bubble{width:56px;height:56px;padding:13px;border:2px solid #fff;box-shadow:0 4px 16px #0004}
svg{display:block;fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
.box{overflow:hidden;padding:0;border:1px solid #8886;border-radius:18px;background:Canvas;color:CanvasText}
dialog{inset:88px 20px;width:min(408px,100vw - 40px);height:min(680px,100dvh - 108px);max-width:none;max-height:none;box-shadow:0 12px 48px #0005}
iframe{display:block;width:100%;height:100%;border:0}
.note{display:grid;gap:12px;padding:24px;justify-items:start}
[hidden]{display:none}
@media ${PHONE}{dialog.box{inset:0;width:100%;height:100dvh;border:0;border-radius:0;
padding:env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left)}}
@media print{.bubble,dialog{display:none}}`;

  const server = new URL(".", tag.dataset.server || tag.src).href;
  const { origin } = new URL(server);
  const phone = matchMedia(PHONE);
  const widgets = new Map();
  const listeners = {};
  const emit = (type, detail) => listeners[type]?.forEach((callback) => callback(detail));
  const warn = (words) => console.warn(`Glute Guide: ${words}`);
  const make = (name, props, ...children) => {
    const element = Object.assign(document.createElement(name), props);
    element.append(...children);
    return element;
  };

  const warm = make("link", { rel: "preconnect", href: origin });

  function mount(given = {}) {
    const { target: id = "bubble", title = "Glute Guide", lang = "en", dir = "ltr", greeting } = given;
    const inline = !!given.target;
    if (widgets.has(id)) return widgets.get(id);
    const place = inline ? document.querySelector(id) : document.documentElement;
    if (!place) return warn(`nothing on this page matches data-target="${id}"`);

    const theme = given.theme || (inline && !/dark/.test(getComputedStyle(place).colorScheme) ? "light" : "");
    const words = LABELS[lang.slice(0, 2).toLowerCase()] || LABELS.en;
    const questions = (given.questions || "").split("|").map((q) => q.trim()).filter(Boolean);
    let colour = given.color || given.colour || BRAND;
    if (!CSS.supports("color", colour)) {
      warn(`"${colour}" is not a colour; write it like ${BRAND}`);
      colour = BRAND;
    }
    const host = document.createElement(NAME);
    const root = host.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet(); // not an inline style: a strict policy lets it pass
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    place.append(host);

    const off = new AbortController();
    const { signal } = off;
    const note = make("div", { className: "note" });
    const box = make(inline ? "section" : "dialog", { className: "box", dir, ariaLabel: title }, note);
    const button = make("button", { className: "go", ariaLabel: `${words[0]} ${title}`, onclick: () => (shown ? close() : open()) });
    let frame, timer, opener, shown, ready, waiting = [];

    const post = (type, payload) =>
      frame.contentWindow.postMessage({ ns: NAME, v: V, type, payload }, origin);
    const say = (...message) => (ready ? post(...message) : waiting.push(message));

    function load() {
      ready = false;
      note.hidden = true;
      frame = make("iframe", { title, referrerPolicy: "strict-origin", src: `${server}widget/panel.html` });
      frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups");
      timer = setTimeout(fail, 20000);
      // A refused frame loads too, empty, and never says "ready".
      frame.onload = () => {
        clearTimeout(timer);
        timer = setTimeout(fail, 3000);
        post("hello", { id, title, greeting, questions, lang, dir, colour, theme, inline });
      };
      box.append(frame);
    }

    // Refused, or not there? A script can ask: the page's policy lets it.
    function fail() {
      frame.remove();
      frame = null;
      const tell = (text, reason) => {
        if (frame || signal.aborted) return;
        warn(reason);
        note.replaceChildren(
          make("div", { textContent: text, role: "alert" }),
          make("button", { className: "go", textContent: words[2], onclick: () => open() }),
          make("button", { textContent: words[1], onclick: close, hidden: inline }),
        );
        note.hidden = false;
        if (shown) note.children[1].focus();
        emit("error", { id, reason });
      };
      const probe = make("script", { nonce: tag.nonce, src: `${server}widget.js?${Date.now()}` });
      probe.dataset.probe = 1;
      probe.onerror = () => tell(words[4], `${origin} does not answer`);
      probe.onload = () => tell(words[3], `${origin} may not be shown on ${location.origin}; see ${server}widget/`);
      document.head.append(probe);
      probe.remove();
    }

    const marked = () => history.state?.[NAME] === id;
    // On a phone Back closes: one entry of history, which keeps the page's own state.
    function enter() {
      box.close();
      if (!phone.matches) return box.show();
      box.showModal();
      const { state } = history;
      if (!marked() && typeof state === "object") history.pushState({ ...state, [NAME]: id }, "");
    }
    function fit() { // above the phone's keyboard
      const view = shown && phone.matches && window.visualViewport;
      box.style.height = view ? `${view.height}px` : "";
      box.style.translate = view ? `0 ${view.offsetTop}px` : "";
    }
    function open(question) {
      if (!shown) {
        shown = true;
        if (inline) box.style.height = "min(640px, 90vh)";
        else {
          opener ||= document.activeElement;
          enter();
          fit();
          button.ariaExpanded = true;
        }
        emit("open", { id });
      }
      if (!frame) load();
      frame.focus();
      say("show", { phone: phone.matches });
      if (question) say("ask", { question: String(question) });
    }
    function close() {
      if (inline || !shown) return;
      shown = false;
      box.close();
      button.ariaExpanded = false;
      (opener === document.body || opener === host || !opener?.isConnected ? button : opener).focus();
      opener = null;
      if (marked()) history.back();
      emit("close", { id });
    }

    const listen = (where, types, callback) => types.split(" ").forEach((type) =>
      where?.addEventListener(type, callback, { signal }));
    listen(window, "message", ({ source, origin: from, data }) => {
      if (!frame || source !== frame.contentWindow || from !== origin) return;
      if (data?.ns !== NAME || data.v !== V) return;
      if (data.type === "ready") {
        clearTimeout(timer);
        ready = true;
        waiting.splice(0).forEach((message) => post(...message));
        emit("ready", { id });
      } else if (data.type === "close") close();
      else if (data.type === "answer") emit("answer", { id, status: data.payload?.status });
    });
    if (inline) {
      button.textContent = button.ariaLabel;
      note.append(greeting || title, ...questions.map((question) =>
        make("button", { textContent: question, onclick: () => open(question) })), button);
      root.append(box);
    } else {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const line = document.createElementNS(svg.namespaceURI, "path");
      svg.setAttribute("viewBox", "0 0 24 24");
      line.setAttribute("d", "M4 5h16v11h-9l-4 4v-4H4zM8 9h8M8 12h5");
      svg.append(line);
      button.append(svg);
      Object.assign(button, { ariaHasPopup: "dialog", ariaExpanded: false, hidden: given.bubble === "off" });
      button.classList.add("bubble");
      const corner = given.position || (dir === "rtl" ? "left" : "right");
      const [top, left] = [/top/, /left/].map((side) => side.test(corner));
      const free = (side) => (side ? "auto " : "0 ");
      button.style.margin = box.style.margin = free(!top) + free(left) + free(top) + free(!left);
      root.append(button, box);
      listen(box, "cancel", (event) => (event.preventDefault(), close()));
      listen(root, "keydown", (event) => event.key === "Escape" && close());
      listen(window, "popstate", () => phone.matches && !marked() && close());
      listen(phone, "change", () => shown && (enter(), fit()));
      listen(window.visualViewport, "resize scroll", fit);
    }
    box.style.colorScheme = theme || "light dark";
    host.style.setProperty("--brand", colour, "important");
    host.style.setProperty("--z", given.zIndex || 2147483000, "important");
    button.onfocus = button.onpointerenter = () => {
      document.head.append(warm); // a link already there only moves
    };

    const widget = { open: () => open(), close, toggle: () => button.onclick(), ask: open, destroy() {
      close();
      clearTimeout(timer);
      off.abort();
      host.remove();
      widgets.delete(id);
    } };
    widgets.set(id, widget);

    const { open: openers } = given;
    if (openers) document.querySelector(openers); // says so if it is no selector
    if (openers) listen(document, "click", (event) => {
      const hit = event.target.closest(openers);
      if (!hit) return;
      event.preventDefault();
      opener = hit;
      open(hit.dataset.question);
    });
    return widget;
  }

  const api = window.GluteGuide = {
    mount,
    destroy: () => widgets.forEach((widget) => widget.destroy()),
    /* Calls back on "ready", "open", "close", "answer" and "error"; returns what stops it. */
    on(type, callback) {
      (listeners[type] ||= new Set()).add(callback);
      return () => listeners[type].delete(callback);
    },
  };
  for (const action of ["open", "close", "toggle", "ask"]) {
    api[action] = (question) => (widgets.get("bubble") || [...widgets.values()][0])?.[action](question);
  }
  const start = () => {
    mount(tag.dataset);
    document.dispatchEvent(new Event("gluteguide:ready"));
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
