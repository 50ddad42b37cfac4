// The session: a warning two minutes before its end, and signing in again in place with everything still there.
import htmx from "htmx.org/dist/htmx.esm.js";
import { act, remembered } from "./act.js";
import { open } from "./dialogs.js";
import { shared } from "./shared.js";

const AHEAD = 120000;
const body = document.body;
let warning, again;
let endsAt = Number(body.dataset.endsAt || 0);
let timer = 0;
let ticking = 0;
let waiting = [];

async function ask() {
  const answer = await fetch("/session/", { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.status === 401) return 0;
  return answer?.ok ? (await answer.json()).ends_at : endsAt;
}

function count() {
  const left = Math.max(0, Math.round((endsAt - Date.now()) / 1000));
  warning.querySelector("[data-left]").textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  clearTimeout(ticking);
  if (left) ticking = setTimeout(count, 1000);
  else check();
}

// Another tab may have gone on working: the server knows.
async function check() {
  endsAt = await ask();
  if (!endsAt) { warning?.close(); signIn(); return; }
  if (endsAt - Date.now() > AHEAD) { warning?.close(); plan(); return; }
  if (!warning.open) { open(warning); count(); }
}

function plan() {
  clearTimeout(timer);
  if (!endsAt || !warning) return;
  timer = setTimeout(check, Math.min(Math.max(0, endsAt - Date.now() - AHEAD), 2 ** 31 - 1));
}

act("session-extend", async (_element, event) => {
  event.preventDefault();
  const token = JSON.parse(body.getAttribute("hx-headers"))["X-CSRFToken"];
  const answer = await fetch("/session/extend/", { method: "POST", headers: { "HX-Request": "true", "X-CSRFToken": token } }).catch(() => null);
  if (answer?.ok) endsAt = (await answer.json()).ends_at;
  warning.close();
  if (answer && !answer.ok) signIn();
  else plan();
});

/** Ask for the password in place; what waited goes on afterwards. */
export async function signIn() {
  await shared;
  if (!again || again.open) return;
  const known = new URLSearchParams({ person: body.dataset.user, organization: body.dataset.organization, email: remembered.get("email") ?? "" });
  const answer = await fetch(`${again.dataset.url}?${known}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || again.open) return;
  document.querySelectorAll("dialog:modal").forEach((one) => { if (one !== again && one.id === "palette") one.close(); });
  htmx.swap("#again-body", await answer.text(), { swapStyle: "innerHTML" });
  open(again);
  const empty = [...again.querySelectorAll("input:not([type=hidden])")].find((input) => !input.value);
  empty?.focus();
}

function renew(token) {
  body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = token; });
  document.querySelectorAll("template").forEach((one) => one.content.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = token; input.setAttribute("value", token); }));
}

document.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.xhr.status === 401) event.detail.shouldSwap = false; });
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status !== 401) return;
  const { elt, requestConfig, target } = event.detail;
  if (!again?.contains(elt)) waiting.push({ elt, target, verb: requestConfig.verb, path: requestConfig.path });
  signIn();
});

// A script that asks by itself tells of its 401 by an event.
document.addEventListener("sign-in", signIn);

document.addEventListener("signed-in", (event) => {
  const { token, ends_at: ends } = event.detail;
  renew(token);
  again.close();
  again.querySelector("#again-body").replaceChildren();
  endsAt = ends;
  plan();
  const late = waiting;
  waiting = [];
  for (const one of late) {
    if (one.form) one.form.requestSubmit(one.submitter);
    else if (one.elt?.isConnected) htmx.ajax(one.verb.toUpperCase(), one.path.split("?")[0], { source: one.elt, target: one.target }).catch(() => null);
  }
});

// A plain form is sent only while there is a session to take it.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!endsAt || Date.now() < endsAt || form.method !== "post" || form.hasAttribute("hx-post") || again?.contains(form)) return;
  event.preventDefault();
  waiting = [{ form, submitter: event.submitter }];
  signIn();
}, true);

const email = document.querySelector("#account .who .muted")?.textContent;
if (email) remembered.set("email", email);
addEventListener("focus", () => { if (endsAt && endsAt - Date.now() < AHEAD) check(); });
shared.then(() => {
  warning = document.getElementById("session-ending");
  again = document.getElementById("sign-in-again");
  plan();
});
