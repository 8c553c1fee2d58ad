// Sends what is marked `data-swap` without leaving the page, and mends the page until it is like the answer: an ordinary
// page. Words half written elsewhere stay. What does not go smoothly is done again the ordinary way; but what was sent
// and may have been done is not.
const PATIENCE = 15_000; // milliseconds
const CARRIED = "textarea, select, input:not([type=hidden], [type=file], [type=password])";
const TELLING = ["id", "name", "type", "action"]; // what two elements share if one may become the other

let turn = Promise.resolve(); // one after the other, as they were pressed
let isPlain = false;
const away = new Set();

// Which entries of the history show the same: a step from one to another of them needs no new page.
let shown = history.state?.shown ?? Math.random();
const stamp = (url = "") => history.replaceState({ shown }, "", url);
stamp();

// The page that is shown, whatever the address says: a refusal has one of its own, which shows nothing by itself.
let standing = location.pathname;

const pathOf = ({ pathname, search }) => pathname + search;
const sheetOf = (page) => page.querySelector("link[rel=stylesheet]")?.getAttribute("href");
const formKey = (form) => form.id || form.getAttribute("action");

// What makes a button or a link the same one on the next page, even if it now says the opposite.
const controlKey = (one) =>
  one.getAttribute("href") ??
  one.getAttribute("formaction") ??
  [one.form && formKey(one.form), one.name, one.value].join();

const leave = (url) => {
  const isHere = pathOf(url) === pathOf(location);
  location.assign(url);
  if (isHere) location.reload();
};

/** The page that an address answers, or where it leads. Throws for all that is not to be shown in place. */
async function ask(url, body) {
  const answer = await fetch(url, {
    ...(body && { method: "POST", body }),
    headers: { Accept: "text/html", "X-In-Place": "1" },
    signal: AbortSignal.timeout(PATIENCE),
  });
  const next = answer.headers.get("X-Leads-To");
  if (next !== null) return { next: new URL(next, answer.url) };
  const isPage = answer.headers.get("Content-Type")?.startsWith("text/html");
  if (!isPage || !(answer.ok || (body && answer.status === 422))) throw new Error(answer.status);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.getElementById("main") || sheetOf(page) !== sheetOf(document)) throw new Error("another kind of page");
  // A form without an address goes where its page came from, whatever address that is shown under.
  if (pathOf(new URL(answer.url)) !== pathOf(location)) {
    for (const form of page.querySelectorAll("form:not([action])")) form.setAttribute("action", answer.url);
  }
  return { page };
}

/** Make an element like another and keep whatever is alike: its focus, its words, its place. */
function mend(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  const left = [...old.childNodes];
  const take = (isIt) => {
    const at = left.findIndex(isIt);
    return at < 0 ? null : left.splice(at, 1)[0];
  };
  const isAlike = (one, other) =>
    one.nodeName === other.nodeName &&
    (!one.attributes || TELLING.every((name) => one.getAttribute(name) === other.getAttribute(name)));
  const wanted = [...fresh.childNodes];
  const same = wanted.map((child) => take((one) => one.isEqualNode(child)));
  const nodes = wanted.map((child, at) => {
    if (same[at]) return same[at];
    const like = take((one) => isAlike(one, child));
    if (!like) return document.adoptNode(child);
    if (like.attributes) mend(like, child);
    else like.nodeValue = child.nodeValue;
    return like;
  });
  for (const gone of left) gone.remove();
  let place = old.firstChild;
  for (const node of nodes) {
    if (node === place) place = place.nextSibling;
    else old.insertBefore(node, place);
  }
}

/** What is typed or chosen in other forms than the one that is sent, and not sent yet; and which words that began with. */
function typed(sent) {
  const isTouched = (field) =>
    field.options
      ? [...field.options].some((option) => option.selected !== option.defaultSelected) && field.selectedIndex > 0
      : "checked" in field && /radio|checkbox/.test(field.type)
        ? field.checked && !field.defaultChecked
        : field.value !== field.defaultValue || (field.value && field.form.querySelector("[aria-invalid=true]"));
  const fields = [...document.querySelectorAll(CARRIED)];
  const touched = fields.filter((field) => field.form && field.form !== sent && isTouched(field));
  const proofs = new Set(touched.map(({ form }) => form.elements.began_with));
  proofs.delete(undefined);
  return [...touched, ...proofs].map((field) => ({ field, key: formKey(field.form), name: field.name, value: field.value }));
}

function carry({ field, key, name, value }) {
  if (field.isConnected && field.type !== "hidden") return;
  const form = [...document.forms].find((one) => formKey(one) === key);
  const heirs = form ? [...form.elements].filter((one) => one.name === name) : [];
  const isChoice = /radio|checkbox/.test(field.type);
  const heir = heirs.find((one) => !isChoice || one.value === value);
  if (heir && isChoice) heir.checked = true;
  else if (heir) heir.value = value;
}

function show(page, url, { by, sent, isNew, isBack, path = url.pathname }) {
  const key = by && controlKey(by);
  const spot = by?.closest("[id]");
  const { id } = spot ?? {};
  const top = spot?.getBoundingClientRect().top;
  const kept = typed(sent);

  document.title = page.title;
  for (const name of ["lang", "data-theme", "data-ink"]) {
    const value = page.documentElement.getAttribute(name);
    if (value === null) document.documentElement.removeAttribute(name);
    else document.documentElement.setAttribute(name, value);
  }
  for (const meta of document.head.querySelectorAll("meta[name]")) meta.remove();
  document.head.append(...page.head.querySelectorAll("meta[name]"));
  mend(document.body, page.body);
  if (sent?.isConnected) sent.reset();
  kept.forEach(carry);

  const isElsewhere = path !== standing;
  standing = path;
  if (!isBack) {
    if (isNew || pathOf(url) !== pathOf(location)) {
      shown = Math.random();
      history.pushState({ shown }, "", pathOf(url));
    } else stamp(pathOf(url));
    // So that the browser takes it for the target, which no change of the history does.
    if (url.hash) location.replace(url.hash);
  }
  document.dispatchEvent(new Event("swapped"));

  const told = document.querySelector(".messages");
  if (told) requestAnimationFrame(() => told.replaceChildren(...told.childNodes)); // a change is read out
  if (isBack) return;
  const control = key && [...document.querySelectorAll(by.localName)].find((one) => controlKey(one) === key);
  const target = document.getElementById(url.hash.slice(1));
  const stop = document.querySelector("main [autofocus]");
  const isLed = target?.matches("[tabindex]") && target.id !== id; // to another text than the press was in
  if (!stop && control && !isElsewhere && !isLed) {
    control.focus({ preventScroll: true });
    back(id, top);
  } else if (!stop && target && !isElsewhere) {
    target.focus({ preventScroll: true });
    if (!isLed) back(id, top);
    target.scrollIntoView({ block: "nearest" });
  } else {
    const here = stop ?? target ?? document.querySelector(".comment--target") ?? document.getElementById("main");
    if (here.id === "main") scrollTo(0, 0);
    here.focus({ preventScroll: here.id === "main" });
  }
}

/** Let what was pressed stand where it stood, whatever has grown above it. */
function back(id, top) {
  const spot = id && document.getElementById(id);
  if (spot) scrollBy({ top: spot.getBoundingClientRect().top - top, behavior: "instant" });
}

/** Sent, and no answer, or the server's own failure: say that nobody knows, beside how things stand now. */
async function doubt() {
  try {
    show((await ask(location)).page, new URL(location), { isBack: true });
  } catch {}
  const main = document.getElementById("main");
  const told = document.createElement("p");
  Object.assign(told, { className: "error-summary", role: "alert", tabIndex: -1, textContent: main.dataset.doubt });
  main.prepend(told);
  told.focus();
}

function go(by, url, { form, submitter, body } = {}) {
  const key = controlKey(by);
  if (away.has(key)) return;
  away.add(key);
  by.setAttribute("aria-busy", "true");
  const attempt = async () => {
    let { page, next } = await ask(url, body);
    let isNew, path;
    if (next) {
      const isKnown = next.origin === location.origin && !/^\/(accounts|admin)\//.test(next.pathname);
      if (!isKnown || (next.pathname !== standing && typed(form).length)) return leave(next);
      try {
        ({ page } = await ask(next));
      } catch {}
      if (!page) return leave(next);
    } else if (body) {
      // A refusal, or a preview: the address only takes forms, so this page keeps its own.
      path = url.pathname;
      isNew = path !== standing;
      if (isNew && typed(form).length) throw new Error("words would be lost");
      next = new URL(location);
      next.hash = url.hash;
    }
    try {
      show(page, next ?? url, { by, sent: form, isNew, path });
    } catch {
      leave(next ?? url); // it was sent: never once more
    }
  };
  const plainly = () => {
    if (!form) return leave(url);
    if (!form.isConnected || (submitter && submitter.form !== form)) return location.reload();
    isPlain = true;
    form.requestSubmit(submitter);
    isPlain = false;
  };
  turn = turn
    .then(attempt)
    .catch((error) => {
      // Without a network the browser's own page would come, and take with it what is written here.
      const isLost = error.name === "TimeoutError" || error.message >= 500 || (error.name === "TypeError" && typed().length);
      return body && isLost ? doubt() : plainly();
    })
    .finally(() => {
      away.delete(key);
      by.removeAttribute("aria-busy");
    });
}

addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  const by = submitter ?? form;
  if (isPlain || event.defaultPrevented || !(form.matches("[data-swap]") || by.matches("[data-swap]"))) return;
  event.preventDefault();
  const address = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
  go(by, new URL(address, location), { form, submitter, body: new FormData(form, submitter) });
});

addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-swap]");
  if (!link || event.defaultPrevented || event.button) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(link, new URL(link.href));
});

addEventListener("popstate", ({ state }) => {
  if (!state) return stamp(); // a step within this page
  if (state.shown === shown) return;
  shown = state.shown;
  const url = new URL(location);
  turn = turn
    .then(() => ask(url))
    .then(({ page, next }) => (page ? show(page, url, { isBack: true }) : leave(next)))
    .catch(() => location.reload());
});
