/* The panel: a talk of questions and answers in a frame on a gym's page. Ties together the
   page around it (bridge), the server (talk) and what is shown (render, labels).
   The talk lives in this tab only, and only from the first question on. */

import { connect } from "./bridge.js";
import { speak } from "./labels.js";
import { address, highlighted, icon, make, prose, shades, shortName, spoken,
  telephones } from "./render.js";
import { Failure, ask, passage, rate, setup } from "./talk.js";

const STARTERS = ["How do I do a hip thrust?", "Which muscles does the hip thrust work?",
  "Why do I feel hip thrusts in my quads?", "Hip thrust or glute bridge?"];
const KEPT = 20; // answers that a tab remembers
const SVG = {
  send: "M5 12h14M13 6l6 6-6 6", stop: "M8 8h8v8H8z", fresh: "M12 5v14M5 12h14",
  full: "M14 5h5v5M19 5l-8 8M10 5H6a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-4",
  close: "M6 6l12 12M18 6L6 18", more: "M6 9l6 6 6-6", up: "M7 11v8H4v-8zM7 11l4-7c2 0 3 1 2.5 3L13 9h5c1.5 0 2 1 1.7 2l-1.5 6c-.3 1.2-1 2-2.2 2H7",
  not_covered: "M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zM16 16l4.5 4.5M8.5 11h5",
  rejected: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM7 7l10 10",
  emergency: "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z",
  "see-clinician": "M9 4h6v5h5v6h-5v5H9v-5H4V9h5z", caution: "M12 4l9 16H3zM12 10v5M12 17.5v.5",
  error: "M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16zM12 8v5M12 15.5v.5",
};

const $ = (id) => document.getElementById(id);
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");
let options = { id: "page", questions: [], lang: "en", dir: "ltr", theme: "auto", inline: true };
let say = speak("en");
let config = null;
let answers = [];
let running = null; // the AbortController of the question being answered

const send = connect({ hello, old, show, ask: inquire });
if (window.parent === window) hello(options);

function hello(given) {
  options = given;
  dress();
  $("close").hidden = options.inline;
  answers = restore();
  answers.forEach((answer) => settle(turn(answer.question), answer, false));
  if (answers.length) follow();
  else welcome();
  setup().then((found) => {
    config = found;
    document.body.classList.toggle("counted", found?.feedback === true);
  });
}

function old(given) {
  options = given;
  dress();
  $("ask").hidden = true;
  $("talk").append(card("error", say("old")));
}

/* Puts language, direction and colour on the page. */
function dress() {
  say = speak(options.lang);
  const root = document.documentElement;
  root.lang = say("send") === speak("en")("send") ? "en" : options.lang;
  root.dir = options.dir;
  document.title = $("title").textContent = options.title || say("title");
  for (const [id, drawn] of [["fresh", SVG.fresh], ["full", SVG.full], ["close", SVG.close]]) {
    $(id).replaceChildren(icon(drawn));
    $(id).ariaLabel = $(id).title = say(id);
  }
  document.querySelector("label").textContent = $("ask").ariaLabel = say("label");
  $("question").placeholder = say("placeholder");
  $("notice").textContent = say("notice");
  ready();
  const paint = () => {
    root.dataset.theme = options.theme === "auto" ? (dark.matches ? "dark" : "light") : options.theme;
    const found = shades(options.colour || "#0f6b5c", getComputedStyle(document.body).backgroundColor);
    for (const [name, value] of Object.entries(found ?? {})) root.style.setProperty(`--${name}`, value);
  };
  dark.addEventListener("change", paint);
  paint();
  document.body.hidden = false;
}

/* The frame has just been opened: where the cursor goes. On a phone the keyboard stays away
   until it is asked for. */
function show({ phone }) {
  (phone ? $("title") : $("question")).focus({ preventScroll: true });
}

function welcome() {
  const starters = options.questions.length ? options.questions : STARTERS;
  $("talk").replaceChildren(
    make("p", { className: "greeting" }, options.greeting || say("greeting")),
    offered(say("starters"), starters),
  );
  $("fresh").hidden = true;
}

/* Asks a question, and shows its answer as it comes. */
async function inquire(question) {
  question = question.trim();
  if (!question || running) return;
  const here = document.activeElement; // what was tapped goes away; the focus must not
  const tapped = here === document.body || here.closest(".offered");
  document.querySelectorAll(".greeting, .offered").forEach((element) => element.remove());
  const shown = turn(question);
  if (tapped) shown.article.focus({ preventScroll: true });
  shown.reply.append(make("p", { className: "working" }, say("working")));
  let watching = true; // until the reader scrolls
  const leave = () => { watching = false; };
  $("talk").addEventListener("wheel", leave, { once: true, passive: true });
  $("talk").addEventListener("touchmove", leave, { once: true, passive: true });
  glide(shown.article);
  announce(say("working"));
  running = new AbortController();
  ready();
  const citations = [];
  let text = "";
  try {
    const answer = await ask(question, answers, {
      citation: (citation) => citations.push(citation),
      sentence(sentence) {
        text += sentence.delta ?? `${sentence.text} ${sentence.citations.map((n) => `[${n}]`).join(" ")} `;
        shown.reply.replaceChildren(body(text, citations, shown));
      },
    }, running.signal);
    answers = [...answers, answer].slice(-KEPT);
    keep();
    settle(shown, answer, true);
    follow();
    send("answer", { status: answer.status });
  } catch (error) {
    if (error instanceof Failure) broken(shown, question, error, text);
    else if (text) shown.reply.append(make("p", { className: "small" }, say("partial")));
    else shown.reply.replaceChildren(make("p", { className: "small" }, say("partial")), again(shown, question));
    if (!(error instanceof Failure) && error.name !== "AbortError") console.error(error);
  } finally {
    running = null;
    shown.article.ariaBusy = "false";
    ready();
    $("fresh").hidden = false;
    if (watching) glide(shown.article);
  }
}

/* Scrolls so that an element begins the view, as far as there is anything below it. */
function glide(element) {
  element.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
}

/* The place of one question and its answer. */
function turn(question) {
  const reply = make("div", { className: "reply", lang: "en", dir: "ltr" });
  const article = make("article", { ariaBusy: "true", tabIndex: -1 },
    make("h2", { dir: "auto" }, make("span", { className: "unseen" }, `${say("you")}: `), question),
    reply);
  $("talk").append(article);
  return { article, reply, sources: new Map() };
}

/* Puts a whole Answer into its place; `fresh` ones are read out, once. */
function settle(shown, answer, fresh) {
  const { status, safety } = answer;
  const parts = [];
  const message = safety.level === "none" ? "" : safety.message;
  if (message) parts.push(warning(safety));
  if (status === "not_covered" || status === "rejected") {
    parts.push(card(status, answer.answer, say(status)));
  } else if (status !== "safety" || !message) {
    parts.push(body(answer.answer, answer.citations, shown));
  }
  if (answer.citations.length) parts.push(sources(answer, shown));
  if (status === "answered") parts.push(thumbs(answer));
  shown.reply.replaceChildren(...parts);
  shown.article.ariaBusy = "false";
  if (!fresh) return;
  const count = answer.citations.length;
  announce([message && `${say(safety.level)}. ${message}`, status === "safety" && message ? "" : spoken(answer.answer),
    count ? `${say("ready", { n: count })}.` : ""].filter(Boolean).join(" "));
}

/* The answer's text; each marker is a button that opens its source. */
function body(text, citations, shown) {
  const known = new Map(citations.map((citation) => [citation.n, citation]));
  return make("div", { className: "body" }, prose(text, (n) => {
    const citation = known.get(n);
    if (!citation) return null;
    return make("button", {
      className: "marker",
      type: "button",
      ariaLabel: say("source", { n, name: shortName(citation.document) }),
      onclick() {
        const source = shown.sources.get(n);
        if (!source) return; // the answer is still coming
        source.open = true;
        glide(source);
        source.firstChild.focus({ preventScroll: true });
      },
    }, String(n));
  }));
}

function sources(answer, shown) {
  const list = make("div", { className: "sources" }, make("h3", { lang: options.lang, dir: options.dir }, say("sources")));
  for (const citation of answer.citations) {
    const source = sourceOf(citation);
    shown.sources.set(citation.n, source);
    list.append(source);
  }
  return list;
}

/* A source that opens to its passage, the quoted words highlighted. */
function sourceOf(citation) {
  const { document: work, evidence, section } = citation;
  const link = address(work);
  const words = make("div", {}, make("blockquote", {}, citation.quote));
  const who = work.authors.join(", ");
  const details = make("details", { className: "source" },
    make("summary", {},
      make("span", { className: "number", "aria-hidden": "true" }, String(citation.n)),
      make("span", {},
        make("strong", {}, shortName(work)),
        make("span", { className: "small" }, section.split(" › ").at(-1)),
        make("span", { className: "tag" }, evidence ? say("evidence", { strength: say(evidence.strength) }) : say(work.kind))),
      icon(SVG.more)),
    words,
    evidence ? make("p", { className: "small" }, `${evidence.design}, ${evidence.population}. ${evidence.caveat}`) : null,
    make("p", { className: "small" },
      `${who ? `${who}${work.year ? ` (${work.year})` : ""}. ` : ""}${work.title}. ${section}. `,
      link ? make("a", { href: link.href, target: "_blank", rel: "noopener noreferrer" }, say("read", { host: link.host.replace(/^www\./, "") })) : ""));
  details.addEventListener("toggle", async () => {
    const found = await passage(citation.passage_id);
    if (found) words.replaceChildren(highlighted(found.text, citation));
  }, { once: true });
  return details;
}

/* What concerns the health of whoever asks: before anything else, with its own sign. */
function warning({ level, message, citations }) {
  const made = card(level, "", say(level));
  made.append(...message.split("\n").filter(Boolean).map((line) => make("p", {}, line)));
  if (level === "emergency") {
    made.append(make("p", { className: "calls" }, ...telephones(message).map(({ number, place, href }) =>
      make("a", { href }, icon(SVG.emergency),
        make("span", {}, say("call", { n: number }), place && make("small", {}, place))))));
  }
  if (citations.length) {
    const named = new Map(citations.map(({ document: work }) => [work.title, work]));
    made.append(make("p", { className: "small" }, `${say("who")}: `, ...[...named.values()].flatMap((work, place) => {
      const [link, name] = [address(work), `${shortName(work)}, ${work.title}`];
      return [place ? "; " : "", link ? make("a", { href: link.href, target: "_blank", rel: "noopener noreferrer" }, name) : name];
    })));
  }
  return made;
}

function card(kind, text, heading = "") {
  return make("div", { className: `card ${kind}` },
    icon(SVG[kind]),
    heading ? make("h3", { lang: options.lang }, heading) : null,
    text ? make("p", {}, text) : null);
}

/* Questions to tap. */
function offered(heading, questions) {
  return make("div", { className: "offered", role: "group", "aria-label": heading },
    make("p", { className: "heading" }, heading),
    ...questions.map((question) => make("button", { type: "button", lang: "en", dir: "auto", onclick: () => inquire(question) }, question)));
}

/* What could be asked after the last answer. */
function follow() {
  const last = answers.at(-1);
  const [heading, found] = last.refused ? [say("nearest"), last.nearest] : [say("next"), last.related];
  if (found.length) $("talk").append(offered(heading, found.map((suggestion) => suggestion.question)));
  $("fresh").hidden = false;
}

/* Thumbs; seen only where the server counts them. */
function thumbs(answer) {
  const made = make("div", { className: "thumbs", lang: options.lang, dir: options.dir });
  for (const kind of ["up", "down"]) {
    made.append(make("button", { type: "button", className: kind, ariaLabel: say(kind), title: say(kind), onclick() {
      rate(answer, kind);
      made.replaceChildren(make("p", { className: "small", tabIndex: -1 }, say("thanks")));
      made.firstChild.focus();
      announce(say("thanks"));
    } }, icon(SVG.up)));
  }
  return made;
}

/* No answer, or not all of one: says why, keeps the question, offers to try again. */
function broken(shown, question, failure, text) {
  const why = { cut: "cut", restart: "restart", busy: "busy" }[failure.kind] ?? "unable";
  const words = say(why, { n: failure.seconds }) + (failure.kind === "down" && failure.detail ? ` ${failure.detail}` : "");
  const told = card("error", words);
  told.append(again(shown, question));
  if (text) shown.reply.append(make("p", { className: "small" }, say("partial")), told);
  else shown.reply.replaceChildren(told);
  announce(words);
}

function again(shown, question) {
  return make("button", { type: "button", className: "again", lang: options.lang, onclick() {
    if (running) return;
    shown.article.remove();
    inquire(question);
  } }, say("again"));
}

/* Said once by a screen reader; what is on the screen while it comes is not. */
function announce(words) {
  $("live").textContent = words;
}

function ready() {
  $("send").replaceChildren(icon(running ? SVG.stop : SVG.send));
  $("send").ariaLabel = $("send").title = say(running ? "stop" : "send");
}

function grow() {
  const field = $("question");
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
  $("notice").textContent = say(field.value.length >= field.maxLength ? "long" : "notice");
}

$("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  if (running) return running.abort();
  const question = $("question").value;
  if (!question.trim()) return $("question").focus();
  $("question").value = "";
  grow();
  inquire(question);
});
$("question").addEventListener("input", grow);
$("question").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (!running) $("ask").requestSubmit();
});
$("fresh").addEventListener("click", () => {
  running?.abort();
  answers = [];
  keep();
  welcome();
  announce(say("cleared"));
  $("question").focus();
});
$("close").addEventListener("click", () => send("close"));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing) send("close");
});

/* A browser that forbids storage in frames only forgets the talk when the page is left. */
const place = () => `glute-guide/1/${options.id}`;
function keep() {
  try {
    if (answers.length) sessionStorage.setItem(place(), JSON.stringify(answers));
    else sessionStorage.removeItem(place());
  } catch { /* as said above */ }
}
function restore() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(place()) ?? "[]");
    return kept.every((answer) => answer.schema === "answer/1") ? kept : [];
  } catch {
    return [];
  }
}
