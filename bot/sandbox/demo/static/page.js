"use strict";

const POLL = 700; // milliseconds
const MARKS = { success: "✓", failure: "✕", action_required: "!", in_progress: "●", queued: "●" };
const by = (id) => document.getElementById(id);
let shown = "";
let busy = false;

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function check({ name, app, title, state }) {
  const row = element("li", state);
  const said = [title || state.replace("_", " "), app].join(" · ");
  row.append(element("span", "mark", MARKS[state] || "·"), element("span", "name", name), element("span", "said", said));
  return row;
}

function comment({ id, author, is_bot, edited_by, at, html }) {
  const box = element("article", is_bot ? "box bot" : "box");
  box.id = `comment-${id}`;
  const head = element("div", "by");
  const edited = edited_by ? ` · edited by ${edited_by}` : "";
  head.append(element("b", "", author), ` commented ${at}${edited}`);
  const text = element("div", "text");
  text.innerHTML = html; // sanitised by the server
  box.append(head, text);
  return box;
}

function openDetails() {
  return new Set([...document.querySelectorAll("details[open] > summary")].map((one) => one.textContent.split(":")[0]));
}

function show(state) {
  by("next").textContent = state.next ? `Next: ${state.next}` : "The release is ready. The end.";
  by("advance").disabled = busy || !state.next;
  by("progress").value = state.played.length / state.steps;
  by("played").replaceChildren(...state.played.map((text) => element("li", "", text)));
  by("pull").hidden = !state.pull;
  if (!state.pull) return;
  for (const id of ["title", "author", "head", "head_ref", "base_ref"]) by(id).textContent = state.pull[id];
  by("number").textContent = `#${state.pull.number}`;
  const opened = openDetails();
  by("comments").replaceChildren(...state.pull.comments.map(comment));
  for (const summary of document.querySelectorAll("details > summary"))
    summary.parentElement.open = opened.has(summary.textContent.split(":")[0]);
  by("checks").replaceChildren(...state.pull.checks.map(check));
}

async function refresh() {
  const text = await (await fetch("state")).text();
  const key = `${busy}${text}`;
  if (key === shown) return; // leave what somebody reads or selects alone
  shown = key;
  show(JSON.parse(text));
}

async function advance() {
  busy = true;
  by("advance").disabled = true;
  try {
    const { wrong } = await (await fetch("next", { method: "POST" })).json();
    by("wrong").textContent = wrong.join("\n");
    by("wrong").hidden = !wrong.length;
  } finally {
    busy = false;
    await refresh();
  }
}

by("advance").addEventListener("click", advance);
setInterval(() => refresh().catch(() => {}), POLL);
refresh();
