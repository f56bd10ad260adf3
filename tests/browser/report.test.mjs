// The HTML report as a reader uses it: it can be searched, opened and walked
// through by keys; it asks for nothing; nothing in a document runs.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import { HOSTILE, clean, hostile, hostilePair, many, mixed, page as make } from "./pages.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
let browser;
let pages;

before(async () => {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });
  pages = {
    mixed: make("mixed", mixed()),
    hostile: make("hostile", [hostile()]),
    hostileFixture: make("hostile-fixture", ["fixtures/hostile/docs"]),
    hostilePair: make("hostile-pair", [hostilePair()]),
    many: make("many", [many()], "--find", "documents"),
    quiet: make("quiet", mixed(), "--no-text"),
  };
});
after(async () => {
  await browser?.close();
  clean();
});

/** Opens a page, runs the steps, and fails on anything that a page must not do. */
async function open(address, steps, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const wrong = [];
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("dialog", (dialog) => wrong.push(`dialog ${dialog.message()}`) && dialog.dismiss());
  page.on("request", (request) => request.url().split("#")[0] !== address && wrong.push(`request ${request.url()}`));
  await page.goto(address);
  await steps(page);
  assert.deepEqual(wrong, []);
  await context.close();
}

const shown = (page) => page.locator(".item:visible").count();
const focused = (page) => page.evaluate(() => document.activeElement.closest(".item")?.id ?? document.activeElement.id);

test("the overview says what was found and draws it", () =>
  open(pages.mixed, async (page) => {
    assert.match(await page.title(), /holds twice/);
    assert.ok((await page.locator(".tiles li").count()) >= 4);
    for (const chart of ["similarities", "cluster-sizes", "s-curve"]) {
      assert.ok(await page.locator(`svg[aria-labelledby=${chart}]`).isVisible(), chart);
    }
    assert.ok((await page.getByText("threshold 0.8", { exact: true }).count()) >= 2);
    for (const table of ["Languages", "Duplicates by source"]) {
      assert.ok(await page.locator("caption", { hasText: table }).isVisible(), table);
    }
  }));

test("search and kinds narrow the list down", () =>
  open(pages.mixed, async (page) => {
    const all = await shown(page);
    await page.getByRole("button", { name: /Events/ }).click();
    const events = await shown(page);
    assert.ok(events > 0 && events < all);
    assert.match(await page.locator("#status").innerText(), new RegExp(`^${events} of ${all}$`));
    await page.getByRole("button", { name: /Events/ }).click();
    await page.locator("#search").fill("Nachtzug aachen");
    assert.equal(await shown(page), 1);
    await page.locator("#search").fill("no such words anywhere");
    assert.equal(await shown(page), 0);
    await page.getByRole("button", { name: "Show everything" }).click();
    assert.equal(await shown(page), all);
    await page.locator("#sort").selectOption("documents");
    const sizes = await page.locator(".item:visible").evaluateAll((items) => items.map((item) => +item.dataset.documents));
    assert.deepEqual(sizes, [...sizes].sort((a, b) => b - a));
  }));

test("a cluster shows which document is kept and what differs", () =>
  open(pages.mixed, async (page) => {
    const cluster = page.locator(".item[data-kind=cluster]", { hasText: "agency.txt" });
    await cluster.locator("> summary").click();
    assert.ok(await cluster.getByText("kept", { exact: true }).isVisible());
    assert.ok(await cluster.locator(".words del", { hasText: "zwei Duschen" }).isVisible());
    assert.ok(await cluster.locator(".words ins", { hasText: "eine Dusche" }).isVisible());
  }));

test("a fact under the pointer lights up in both reports of a pair", () =>
  open(pages.mixed, async (page) => {
    const event = page.locator(".item[data-kind=event]", { hasText: "magdeburg" });
    await event.locator("> summary").click();
    const [left, right] = [event.locator(".column").nth(0), event.locator(".column").nth(1)];
    assert.ok((await left.boundingBox()).x < (await right.boundingBox()).x, "German stands left of English");
    assert.equal(await left.locator("p[lang]").first().getAttribute("lang"), "de");
    await left.locator("mark", { hasText: "27 Millionen Euro" }).hover();
    assert.ok(await left.locator("mark.on", { hasText: "27 Millionen Euro" }).isVisible());
    assert.ok(await right.locator("mark.on", { hasText: "27 million euros" }).isVisible());
    assert.equal(await event.locator(".evidence tr.on").count(), 1);
    await page.locator("h1").hover();
    await event.locator(".links a").first().hover();
    assert.ok((await right.locator(".paragraph.on").count()) === 1, "the corresponding paragraph lights up");
  }));

test("everything can be done by keys", () =>
  open(pages.mixed, async (page) => {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
    await page.keyboard.press("Enter");
    await page.keyboard.press("/");
    assert.equal(await focused(page), "search");
    await page.keyboard.type("jk/");
    assert.equal(await page.locator("#search").inputValue(), "jk/");
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#search").inputValue(), "");
    await page.keyboard.press("Escape");
    const ids = await page.locator(".item:visible").evaluateAll((items) => items.map((item) => item.id));
    await page.keyboard.press("j");
    assert.equal(await focused(page), ids[0]);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("k");
    assert.equal(await focused(page), ids[1]);
    await page.keyboard.press("Enter");
    assert.ok(await page.locator(`#${ids[1]}[open]`).isVisible());
    await page.keyboard.press("Tab");
    await page.keyboard.press("Escape");
    assert.equal(await page.locator(`#${ids[1]}[open]`).count(), 0);
    assert.equal(await focused(page), ids[1]);
  }));

test("a link to a finding opens it wherever it stands", () =>
  open(pages.many, async (page) => {
    await page.evaluate(() => (location.hash = "#cluster-7777"));
    await page.locator("#cluster-7777[open]").waitFor({ state: "visible" });
    assert.match(await page.locator("#page").innerText(), /7,751–7,800 of 10,000/);
  }));

test("ten thousand findings stay quick", () =>
  open(pages.many, async (page) => {
    const timing = await page.evaluate(() => performance.getEntriesByType("navigation")[0].domComplete);
    console.log(`    loaded in ${Math.round(timing)} ms`);
    assert.ok(timing < 15_000);
    assert.equal(await shown(page), 50);
    await page.getByRole("button", { name: "Next" }).click();
    assert.match(await page.locator("#page").innerText(), /^51–100 of 10,000$/);
    const started = Date.now();
    await page.locator("#search").fill("story-4321");
    await page.waitForFunction(() => document.getElementById("status").textContent === "1 of 10,000");
    console.log(`    found in ${Date.now() - started} ms`);
    assert.ok(Date.now() - started < 5_000);
  }));

test("without a script everything is there", () =>
  open(
    pages.mixed,
    async (page) => {
      const all = await page.locator(".item").count();
      assert.equal(await shown(page), all);
      assert.equal(await page.locator(".tools").isVisible(), false);
      await page.locator("#event-1 > summary").click();
      assert.ok(await page.locator("#event-1 .column").first().isVisible());
    },
    { javaScriptEnabled: false },
  ));

for (const name of ["hostile", "hostileFixture", "hostilePair"]) {
  test(`nothing in a document runs: ${name}`, () =>
    open(pages[name], async (page) => {
      for (const fold of await page.locator("details").all()) {
        await fold.evaluate((element) => (element.open = true));
      }
      await page.evaluate(() => {
        for (const element of document.querySelectorAll("#list *")) element.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
      });
      await page.locator("#search").fill("<script>");
      await page.waitForTimeout(300);
      assert.equal(await page.evaluate(() => window.harmed), undefined);
      assert.equal(await page.evaluate(() => document.title), "What this corpus holds twice");
      const foreign = "script, img, iframe, object, embed, link, base, form, [onload], [onerror], [onfocus], [autofocus], a[href^=j], a[href^=h]";
      assert.equal(await page.locator(`#list :is(${foreign})`).count(), 0);
      assert.equal(await page.locator("script").count(), 1);
      const text = await page.locator("body").evaluate((body) => body.textContent);
      assert.doesNotMatch(text, /[\0\x1b\x07\u202a-\u202e\u2066-\u2069]/);
      if (name === "hostile") assert.ok(text.includes(HOSTILE[0]), "the text itself is shown");
    }));
}

test("a hostile pair is a pair all the same", () =>
  open(pages.hostilePair, async (page) => {
    assert.equal(await page.locator(".item[data-kind=event]").count(), 1);
    assert.ok((await page.locator(".pair mark").count()) > 4);
  }));

test("a page without texts quotes nothing", () =>
  open(pages.quiet, async (page) => {
    const text = await page.locator("body").evaluate((body) => body.textContent);
    for (const word of ["Nachtzug", "Elbe", "Lukaschenko", "million euros"]) assert.ok(!text.includes(word), word);
    assert.match(text, /xxh3 [0-9a-f]{16}/);
  }));

test("a narrow window needs no scrolling sideways", () =>
  open(
    pages.mixed,
    async (page) => {
      for (const fold of await page.locator("details").all()) await fold.evaluate((element) => (element.open = true));
      const [inner, outer] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(inner <= outer, `${inner} of ${outer}`);
    },
    { viewport: { width: 400, height: 800 } },
  ));

test("on paper every finding is unfolded and no control is left", () =>
  open(pages.mixed, async (page) => {
    await page.emulateMedia({ media: "print" });
    assert.equal(await page.locator(".tools").isVisible(), false);
    assert.ok(await page.locator("#event-1 .column").first().isVisible());
  }));

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing serious: ${colorScheme}`, () =>
    open(
      pages.mixed,
      async (page) => {
        for (const fold of await page.locator("details").all()) await fold.evaluate((element) => (element.open = true));
        await page.locator("mark").first().hover();
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run(document));
        const told = violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0].html} ${nodes[0].failureSummary}`);
        assert.deepEqual(told, []);
      },
      { colorScheme },
    ));
}
