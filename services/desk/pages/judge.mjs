// The judge looks at every page and state: what axe finds, what the policy of the page
// reports, what stands out over the edge, what is too small for a thumb, and what a title
// tells. It collects, so that one morning shows everything that is wrong.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const widths = [360, 800, 1440];

// budget is for the first load of a page, with nothing in the cache: octets on the wire with
// their heads, and requests. The stream of a page that listens is one of them.
export const budget = { bytes: 90_000, requests: 8 };

export class Judge {
  faults = [];
  pages = new Set();
  titles = new Map();
  weights = [];
  scores = [];
  rings = null;

  constructor(pictures) { this.pictures = pictures; }

  fault(where, what) {
    this.faults.push(`${where}: ${what}`);
    console.log(`  FAULT ${where}: ${what}`);
  }

  // listen hears what a browser reports by itself, in all windows of a person.
  async listen(context) {
    await context.addInitScript(() => document.addEventListener("securitypolicyviolation",
      (e) => console.error("the policy of the page forbids", e.effectiveDirective, e.blockedURI, e.sourceFile)));
    context.on("page", (page) => {
      page.on("console", (m) => m.type() === "error" && !m.text().startsWith("Failed to load resource") && this.fault("console", m.text()));
      // A page may say no (409, 422), also when it is asked for again. Nothing that a page
      // loads may, and no page breaks.
      page.on("response", (r) => r.status() >= (r.request().isNavigationRequest() || r.request().headers()["sanad-bell"] ? 500 : 400) &&
        this.fault("answer", `${r.status()} for ${new URL(r.url()).pathname.replace(/[a-z]+_[0-9a-z]{20,}/g, "ID")}`));
      page.on("pageerror", (e) => this.fault("script", e.message));
    });
  }

  // look judges a page as it stands, and takes its pictures. The page is left as it was.
  async look(p, name) {
    const { page, language } = p, where = `${language}/${name}`, before = page.viewportSize();
    this.pages.add(where);
    const title = await page.title();
    if (title !== (this.titles.get(language) ?? this.titles.set(language, title).get(language))) this.fault(where, `its title is its own: ${title}`);
    for (const scheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: scheme });
      for (const width of widths) {
        await page.setViewportSize({ width, height: before.height });
        if (this.pictures) await page.screenshot({ path: join(this.pictures, `${name}-${language}-${width}-${scheme}.png`), fullPage: true });
        if (scheme === "light") await this.measure(page, where, width);
        if (p.scripts && (width === 1440) === (scheme === "light") && width !== 800) await this.axe(page, `${where} (${width}, ${scheme})`);
      }
    }
    await page.emulateMedia({ colorScheme: null });
    await page.setViewportSize(before);
  }

  async axe(page, where) {
    await page.evaluate(axe);
    const found = await page.evaluate((tags) => globalThis.axe.run({ runOnly: tags, resultTypes: ["violations"] }), tags);
    for (const v of found.violations) {
      this.fault(where, `axe ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join("; ")}`);
    }
  }

  async measure(page, where, width) {
    const found = await page.evaluate((width) => {
      const out = [], name = (e) => e.tagName.toLowerCase() + (e.id ? "#" + e.id : "") + (e.className ? "." + e.className : "");
      const over = document.documentElement.scrollWidth - document.documentElement.clientWidth;
      if (over > 0) out.push(`${over} pixels stand over the edge at ${width}`);
      for (const e of document.querySelectorAll("button, a.button, nav a, summary, select, textarea, label.option, a.card, input:not([type=hidden], [type=checkbox], [type=radio])")) {
        const box = e.getBoundingClientRect();
        if (box.width && (box.height < 43.5 || box.width < 43.5)) {
          out.push(`${name(e)} is ${Math.round(box.width)} × ${Math.round(box.height)} at ${width}`);
        }
      }
      if (document.querySelectorAll("h1").length !== 1) out.push("it has not one h1");
      return [...new Set(out)];
    }, width);
    for (const what of found) this.fault(where, what);
  }

  // weigh loads a page with an empty cache, and holds it against the budget.
  async weigh(p, path, name) {
    const page = await p.context.newPage();
    const wire = await p.context.newCDPSession(page);
    let requests = 0, bytes = 0;
    await wire.send("Network.enable");
    await wire.send("Network.setCacheDisabled", { cacheDisabled: true });
    wire.on("Network.requestWillBeSent", () => requests++);
    wire.on("Network.loadingFinished", (e) => { bytes += e.encodedDataLength; });
    await page.goto(path, { waitUntil: "load" });
    await page.waitForTimeout(500); // for what a page fetches after it was loaded
    await page.close();
    this.weights.push({ page: name, bytes, requests });
    if (bytes > budget.bytes || requests > budget.requests) this.fault(name, `its first load takes ${bytes} octets in ${requests} requests`);
  }
}
