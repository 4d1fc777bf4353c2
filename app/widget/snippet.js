/* The page for site owners: builds the tag to copy from their wishes, and previews it. */

const $ = (id) => document.getElementById(id);
const server = new URL("..", import.meta.url);
const form = $("wishes");
const EXAMPLE = "https://www.your-gym.example";

const config = await fetch("config.json").then((found) => (found.ok ? found.json() : null)).catch(() => null);
$("unreachable").hidden = Boolean(config);
const sites = config?.sites ?? [];
$("nobody").hidden = !config || sites.length > 0;
$("allowed").textContent = sites.length
  ? `Allowed by this server: ${sites.join(", ")}. Change GLUTE_GUIDE_ALLOWED_SITES to change that.`
  : "No site. Set GLUTE_GUIDE_ALLOWED_SITES to change that.";
for (const site of sites.length ? sites : [EXAMPLE]) form.elements.site.append(new Option(site));
$("policy").textContent = `script-src ${server.origin}\nframe-src ${server.origin}`;

/* The options that differ from what the widget does by itself. */
function wishes() {
  const given = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
  given.questions = given.questions.split("\n").map((line) => line.trim()).filter(Boolean).join("|");
  if (given.position === "inline") given.target = "#glute-guide";
  if (given.color === "#0f6b5c") given.color = "";
  const { site, title, greeting, questions, color, lang, theme, target } = given;
  const position = target ? "" : given.position;
  return Object.entries({ site, title, greeting, questions, color, lang, theme, position, target })
    .filter(([, value]) => value);
}

const quoted = (text) => `"${text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;")}"`;

function draw() {
  const given = wishes();
  const pinned = form.elements.pinned.checked && config;
  const source = new URL(`widget.js${pinned ? `?v=${config.digest}` : ""}`, server);
  const lines = [`<script async src=${quoted(source.href)}`];
  if (pinned) lines.push(`integrity=${quoted(config.integrity)} crossorigin="anonymous"`);
  for (const [name, value] of given) lines.push(`data-${name}=${quoted(value)}`);
  const target = given.some(([name]) => name === "target");
  $("tag").textContent = `${lines.join("\n  ")}></script>${target ? '\n<div id="glute-guide"></div>' : ""}`;
  $("reads").textContent = readable(form.elements.color.value);
  preview(given);
}

/* What is done so that a colour reads well. */
function readable(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const upon = light > 0.179 ? "black" : "white";
  const on = (upon === "black" ? (light + 0.05) / 0.05 : 1.05 / (light + 0.05)).toFixed(1);
  const alone = 1.05 / (light + 0.05);
  return `Text upon it is ${upon}, ${on} to 1. ` + (alone >= 4.5
    ? "Links in it read on white as they are."
    : `Links in it would have ${alone.toFixed(1)} to 1 on white, so they are darkened.`);
}

function preview(given) {
  if (!window.GluteGuide?.mount) return;
  window.GluteGuide.destroy();
  const inside = given.some(([name]) => name === "target");
  window.GluteGuide.mount({ ...Object.fromEntries(given), ...(inside ? { target: "#preview" } : {}) });
}

let timer;
form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(draw, 150);
});
form.addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("gluteguide:ready", draw);
$("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText($("tag").textContent);
    $("copied").textContent = "Copied.";
  } catch { // only over https or on this machine
    getSelection().selectAllChildren($("tag"));
    $("copied").textContent = "Selected: press Ctrl+C or ⌘C.";
  }
});
draw();
