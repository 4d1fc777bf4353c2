/* Messages between this frame and the page around it: versioned, from the one page that said
   hello first, to exactly its origin. None of them carries a word of the talk.
   Knows nothing of the panel. */

const NAME = "glute-guide";
const VERSION = 1; // the loader's V

/* Calls `handlers.hello(options)` once, then `handlers.show`, `handlers.ask` as they come;
   `handlers.old` if the page's loader speaks another version. Returns what sends a message. */
export function connect(handlers) {
  const page = window.parent;
  let origin = null;
  const send = (type, payload, v = VERSION) => {
    if (origin) page.postMessage({ ns: NAME, v, type, payload }, origin);
  };
  if (page === window) return send; // opened on its own

  window.addEventListener("message", ({ source, origin: from, data }) => {
    if (source !== page || data?.ns !== NAME || (origin && from !== origin)) return;
    if (data.type === "hello" && !origin) {
      origin = from;
      if (data.v === VERSION) handlers.hello(options(data.payload));
      else handlers.old(options(data.payload));
      send("ready", {}, data.v); // in its own version, so that it stops waiting
    } else if (origin && data.v === VERSION) {
      if (data.type === "show") handlers.show({ phone: data.payload?.phone === true });
      if (data.type === "ask") handlers.ask(line(data.payload?.question, 2000));
    }
  });
  return send;
}

/* What a page may choose; anything else is dropped, and text is only text. */
function options(given) {
  const wish = typeof given === "object" && given !== null ? given : {};
  const questions = Array.isArray(wish.questions) ? wish.questions : [];
  return {
    id: line(wish.id, 100) || "bubble",
    title: line(wish.title, 60),
    greeting: line(wish.greeting, 300),
    questions: questions.map((question) => line(question, 200)).filter(Boolean).slice(0, 6),
    lang: line(wish.lang, 20).slice(0, 2).toLowerCase(),
    dir: wish.dir === "rtl" ? "rtl" : "ltr",
    colour: line(wish.colour, 60),
    theme: ["light", "dark"].includes(wish.theme) ? wish.theme : "auto",
    inline: wish.inline === true,
  };
}

const line = (value, most) => (typeof value === "string" ? value.trim().slice(0, most) : "");
