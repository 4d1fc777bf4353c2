/* Talks to the server: questions, passages, feedback. Knows nothing of how they look.
   Sends no cookie. */

const API = new URL("../api/v1/", import.meta.url);
const PATIENCE = 30_000; // without a byte, in milliseconds; the server pings more often
const TURNS = 6; // of the talk so far that travel with a question
const MOST = 1_000; // characters of an earlier answer that travel

/* Why there is no answer. `kind`: cut, restart, busy, down; `seconds` to wait when busy;
   `detail`: the server's own words, if it said why. */
export class Failure extends Error {
  constructor(kind, { seconds = 0, detail = "" } = {}) {
    super(detail || kind);
    Object.assign(this, { kind, seconds, detail });
  }
}

/* Asks, and returns the whole Answer. `on.citation` and `on.sentence` are called while it
   comes; a stream that ends early is a Failure; an abort by `signal` an AbortError. */
export async function ask(question, earlier, on, signal) {
  const history = earlier.slice(-TURNS).map((answer) => ({
    question: answer.question.slice(0, 400),
    answer: answer.answer.slice(0, MOST),
  }));
  const patience = new AbortController();
  const stop = () => patience.abort();
  signal.addEventListener("abort", stop);
  let timer = setTimeout(stop, PATIENCE);
  try {
    const response = await post("ask/stream", { question, history }, patience.signal);
    for await (const { type, data } of events(response.body, () => {
      clearTimeout(timer);
      timer = setTimeout(stop, PATIENCE);
    })) {
      if (type === "sentence") on.sentence(data);
      else if (type === "citation") on.citation(data);
      else if (type === "error") {
        throw new Failure(data.code === "server_shutdown" ? "restart" : "down", data);
      } else if (type === "done" && data.schema === "answer/1") return data;
    }
    throw new Failure("cut");
  } catch (error) {
    if (error instanceof Failure || signal.aborted) throw error;
    throw new Failure("cut"); // refused, reset, silent or not what we speak
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

/* A passage as {text, ...}, or null if it cannot be had. */
export async function passage(id) {
  return read(new URL(`passages/${encodeURIComponent(id)}`, API));
}

/* How the server is set up: {sites, integrity, feedback, version}, or null. */
export async function setup() {
  return read(new URL("config.json", import.meta.url));
}

/* Counts a thumb; nothing depends on it. */
export async function rate(answer, kind) {
  await post("feedback", { kind, answer_id: answer.id }).catch(() => {});
}

async function read(url) {
  try {
    const response = await fetch(url, { credentials: "omit" });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

async function post(path, body, signal) {
  const response = await fetch(new URL(path, API), {
    method: "POST",
    credentials: "omit",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  if (response.status === 429 || response.status === 503) {
    const seconds = Number(response.headers.get("Retry-After")) || 5;
    throw new Failure(problem.code === "server_shutdown" ? "restart" : "busy", { seconds });
  }
  throw new Failure("down", problem);
}

/* Server-sent events of a body, as {type, data}; `beat` is called for every piece of it. */
export async function* events(body, beat = () => {}) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      beat();
      const blocks = (rest + value).split(/\r\n\r\n|\n\n|\r\r/);
      rest = blocks.pop();
      for (const block of blocks) {
        let type = "message";
        const data = [];
        for (const line of block.split(/\r\n|\n|\r/)) {
          const [, field, value] = /^(\w*):? ?(.*)$/.exec(line) ?? [];
          if (field === "event") type = value;
          else if (field === "data") data.push(value);
        }
        if (data.length) yield { type, data: JSON.parse(data.join("\n")) };
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
