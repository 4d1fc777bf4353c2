/* Builds the elements of an answer. Whatever comes from the server is text: it is never
   parsed as HTML, and the only links are those of citations and of emergency numbers. */

const MARKER = /\s?\[(\d{1,3})\]/g;
const ITEM = /^(?:(\d{1,3})\.|[-*]) +/;
// Two digits or more, blanks between them, and not a span of time; then perhaps its country.
const TELEPHONE = /\d[\d ]*\d(?![\d%]| ?(?:kg|seconds|minutes|hours|days|weeks|months|years))(?: \(([^()\d]+)\))?/g;

/* An element: make("a", {href: "..."}, "text", child). Names with a dash, `for`, `role`,
   `lang` and `dir` become attributes, the others properties; empty children are left out. */
export function make(name, given = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (key.includes("-") || key === "role") element.setAttribute(key, value);
    else element[key] = value;
  }
  element.append(...children.flat().filter((child) => child !== null && child !== ""));
  return element;
}

/* A line drawing for the eye only. */
export function icon(path) {
  const [svg, line] = ["svg", "path"].map((name) =>
    document.createElementNS("http://www.w3.org/2000/svg", name));
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/* Paragraphs and lists with markers [n]; `marker(n)` gives the element of one, or null where
   the answer has no such source, and the text stays. */
export function prose(markdown, marker = () => null) {
  const made = document.createDocumentFragment();
  let open = null; // the list or paragraph that the next line may join
  for (const line of markdown.split("\n")) {
    const item = ITEM.exec(line);
    if (item) {
      const name = item[1] ? "ol" : "ul";
      if (open?.localName !== name) {
        open = make(name, item[1] ? { start: Number(item[1]) } : {});
        made.append(open);
      }
      open.append(make("li", {}, ...marked(line.slice(item[0].length), marker)));
    } else if (!line.trim()) {
      if (open?.localName === "p") open = null;
    } else if (open?.localName === "p") {
      open.append(" ", ...marked(line, marker));
    } else {
      open = make("p", {}, ...marked(line, marker));
      made.append(open);
    }
  }
  return made;
}

function marked(text, marker) {
  const parts = [];
  let position = 0;
  for (const found of text.matchAll(MARKER)) {
    const element = marker(Number(found[1]));
    if (!element) continue;
    const before = text.slice(position, found.index);
    const word = before.lastIndexOf(" ") + 1; // stays on the marker's line
    parts.push(before.slice(0, word), make("span", { className: "tie" }, before.slice(word), element));
    position = found.index + found[0].length;
  }
  return [...parts, text.slice(position)];
}

/* The text of an answer without its markers, to be read out. */
export const spoken = (markdown) => markdown.replace(MARKER, "").replace(/\n+/g, " ");

/* A passage with its quoted characters highlighted. Offsets count code points; if they do not
   hold the very quote, nothing is highlighted and the quote stands alone. */
export function highlighted(text, { start, end, quote }) {
  const points = Array.from(text ?? "");
  if (points.slice(start, end).join("") !== quote) return make("blockquote", {}, quote);
  return make("blockquote", {},
    points.slice(0, start).join(""),
    make("mark", {}, quote),
    points.slice(end).join(""));
}

/* The telephone numbers of an emergency message, each once: {number, place, href}. */
export function telephones(message) {
  const found = new Map();
  for (const [whole, place = ""] of message.matchAll(TELEPHONE)) {
    const number = whole.replace(/ \(.*/, "");
    const href = `tel:${number.replaceAll(" ", "")}`;
    if (!found.has(href)) found.set(href, { number, place, href });
  }
  return [...found.values()];
}

/* Where a document can be read: https or nowhere. */
export function address({ doi, url }) {
  try {
    const found = new URL(doi ? `https://doi.org/${doi}` : url);
    return found.protocol === "https:" ? found : null;
  } catch {
    return null;
  }
}

/* What a reader calls a document: "Contreras et al. 2015"; its title if nobody signed it. */
export function shortName({ authors, year, title, kind }) {
  if (!authors.length) return title;
  const words = authors[0].split(" ");
  // A bibliography writes "Contreras B", a page's front matter "Giuliana Zegarra".
  let name = words.filter((word) => !/^[A-Z]{1,3}$/.test(word)).join(" ") || words[0];
  if (kind === "article" && name === authors[0] && words.length === 2) name = words[1];
  return [name, authors.length > 1 ? "et al." : "", year ?? ""].filter(Boolean).join(" ");
}

/* A colour of the site for two uses: `fill` with `ink` upon it, and `text` upon the panel's
   background, darkened or lightened until it reads at 4.5 to 1. Null if it is no colour. */
export function shades(colour, background) {
  const [fill, ground] = [rgb(colour), rgb(background)];
  if (!fill || !ground) return null;
  const target = luminance(ground) > 0.5 ? 0 : 255;
  let text = fill;
  for (let part = 0.1; contrast(text, ground) < 4.5; part += 0.1) {
    text = fill.map((value) => value + (target - value) * Math.min(part, 1));
  }
  const css = (parts) => `rgb(${parts.map(Math.round).join(" ")})`;
  return { fill: css(fill), ink: luminance(fill) > 0.179 ? "#000" : "#fff", text: css(text) };
}

function rgb(colour) {
  const sample = make("i", { hidden: true });
  sample.style.color = colour;
  if (!sample.style.color) return null;
  document.body.append(sample);
  const parts = getComputedStyle(sample).color.match(/^rgb\((\d+), (\d+), (\d+)\)$/);
  sample.remove();
  return parts && parts.slice(1).map(Number);
}

function luminance(parts) {
  const [r, g, b] = parts.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}
