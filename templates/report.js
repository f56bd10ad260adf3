"use strict";
// The page is complete without this script: it hides what is not asked for,
// cuts the list into pages, and moves by keys. It builds no markup from texts.
document.documentElement.classList.add("js");
document.addEventListener("DOMContentLoaded", () => {
  const PAGE = 50;
  const byId = (id) => document.getElementById(id);
  const list = byId("list");
  const search = byId("search");
  if (!list || !search) return;
  const sort = byId("sort");
  const buttons = [...document.querySelectorAll("[data-filter]")];
  const items = [...list.children];
  const order = new Map(items.map((item, i) => [item, i]));
  const words = new Map();
  let found = items;
  let page = 0;
  let shown = [];

  // Reading a text takes time, so it is done when it is first searched.
  const text = (item) => {
    let known = words.get(item);
    if (known === undefined) {
      known = item.textContent.toLowerCase();
      words.set(item, known);
    }
    return known;
  };
  const name = (item) => item.querySelector(".name").textContent;
  const number = (item, key) => Number(item.dataset[key]);
  const sorts = {
    order: (a, b) => order.get(a) - order.get(b),
    least: (a, b) => number(a, "value") - number(b, "value") || sorts.order(a, b),
    documents: (a, b) => number(b, "documents") - number(a, "documents") || sorts.order(a, b),
    name: (a, b) => (name(a) < name(b) ? -1 : name(a) > name(b) ? 1 : sorts.order(a, b)),
  };

  const find = () => {
    const kinds = buttons.filter((button) => button.getAttribute("aria-pressed") === "true");
    const wanted = new Set(kinds.map((button) => button.dataset.filter));
    const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    found = items.filter((item) => {
      if (wanted.size > 0 && !wanted.has(item.dataset.kind)) return false;
      return terms.every((term) => text(item).includes(term));
    });
    found.sort(sorts[sort.value]);
    show(0);
  };

  const show = (wanted) => {
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    page = Math.min(Math.max(wanted, 0), pages - 1);
    for (const item of shown) item.classList.remove("on");
    shown = found.slice(page * PAGE, (page + 1) * PAGE);
    for (const item of shown) item.classList.add("on");
    // Only the page is brought into order, so ten thousand items stay quick.
    if (sort.value !== "order" || list.dataset.sorted) {
      list.prepend(...shown);
      list.dataset.sorted = "yes";
    }
    const all = items.length.toLocaleString("en");
    const some = found.length.toLocaleString("en");
    byId("status").textContent = found.length === items.length ? all + " in all" : some + " of " + all;
    byId("none").hidden = found.length > 0;
    byId("pager").hidden = pages === 1;
    const first = (page * PAGE + 1).toLocaleString("en");
    const last = (page * PAGE + shown.length).toLocaleString("en");
    byId("page").textContent = first + "–" + last + " of " + some;
    byId("previous").disabled = page === 0;
    byId("next").disabled = page === pages - 1;
  };

  const turn = (by, from) => {
    show(page + by);
    const target = from === "end" ? shown[shown.length - 1] : shown[0];
    if (target) focus(target);
  };
  const focus = (item) => {
    const summary = item.querySelector("summary");
    summary.focus({ preventScroll: true });
    summary.scrollIntoView({ block: "nearest" });
  };

  // A link into the page opens what it points into, on whatever page that is.
  const follow = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    const target = id && byId(id);
    if (!target) return;
    const item = target.closest(".item");
    if (!item) return;
    if (!found.includes(item)) {
      reset();
    }
    if (!shown.includes(item)) show(Math.floor(found.indexOf(item) / PAGE));
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView({ block: target === item ? "start" : "nearest" });
    if (target === item) item.querySelector("summary").focus({ preventScroll: true });
  };
  const reset = () => {
    search.value = "";
    sort.value = "order";
    for (const button of buttons) button.setAttribute("aria-pressed", "false");
    find();
  };

  let waiting;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, items.length > 1000 ? 150 : 0);
  });
  search.form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    find();
    if (shown[0]) focus(shown[0]);
  });
  sort.addEventListener("change", find);
  for (const button of buttons) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      find();
    });
  }
  byId("reset").addEventListener("click", () => {
    reset();
    search.focus();
  });
  byId("previous").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", () => turn(1));
  addEventListener("hashchange", follow);

  const move = (by) => {
    const here = document.activeElement.closest(".item");
    const at = shown.indexOf(here);
    const next = here ? at + by : by > 0 ? 0 : shown.length - 1;
    if (next >= shown.length && (page + 1) * PAGE < found.length) turn(1);
    else if (next < 0 && page > 0) turn(-1, "end");
    else if (shown[next]) focus(shown[next]);
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "Escape") {
      if (event.target === search) {
        if (search.value) {
          search.value = "";
          find();
        } else search.blur();
        return;
      }
      const item = document.activeElement.closest(".item[open]");
      if (item) {
        item.open = false;
        focus(item);
      }
      return;
    }
    if (typing) return;
    if (event.key === "/") search.focus();
    else if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else return;
    event.preventDefault();
  });

  // A fact under the pointer, and the paragraph that corresponds, light up in
  // both texts.
  let lit = [];
  const light = (event) => {
    for (const element of lit) element.classList.remove("on");
    lit = [];
    const pair = event.target.closest && event.target.closest(".pair");
    if (!pair) return;
    const fact = event.target.closest("[data-f]");
    if (fact) lit = [...pair.querySelectorAll('[data-f="' + fact.dataset.f + '"]')];
    const link = event.target.closest(".links a");
    const paragraph = event.target.closest(".paragraph.linked");
    if (link) lit.push(byId(link.hash.slice(1)), paragraph);
    for (const element of lit) element.classList.add("on");
  };
  list.addEventListener("mouseover", light);
  list.addEventListener("focusin", light);
  for (const row of list.querySelectorAll(".evidence tr[data-f]")) row.tabIndex = 0;

  show(0);
  follow();
});
