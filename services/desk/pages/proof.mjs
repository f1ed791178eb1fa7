// Before the judge looks at the desk, it is shown a page on which everything is wrong. What it
// does not find there, it would not find at the desk either.
import { Judge } from "./judge.mjs";
import { person, reach } from "./people.mjs";

const wrong = `<!DOCTYPE html><html lang="en"><head><title>Fine</title><link rel="stylesheet" href="/wrong.css"></head><body><main>
<h1>One</h1><h1>Two</h1><div class="wide">wide</div><p class="pale">pale</p><p style="color: red">inline</p>
<button id="small" aria-label="small"></button><input><img alt="" src="/missing.svg"></main></body></html>`;
const css = ".wide { width: 1400px } .pale { color: #eee; background: #fff } #small { width: 20px; height: 20px } :focus { outline: none }";
const policy = "default-src 'none'; style-src 'self'; img-src 'self'";
const files = {
  "/": { body: "<!DOCTYPE html><title>Other</title>", contentType: "text/html" },
  "/wrong": { body: wrong, contentType: "text/html", headers: { "Content-Security-Policy": policy } },
  "/wrong.css": { body: css, contentType: "text/css" },
  "/heavy": { body: "<!DOCTYPE html><title>Fine</title>" + "x".repeat(130_000), contentType: "text/html" },
  "/missing.svg": { status: 404 },
};

const must = {
  "the policy": /the policy of the page forbids style-src/,
  "a contrast": /axe color-contrast/,
  "a field without a label": /axe label/,
  "what stands over the edge": /pixels stand over the edge at 360/,
  "a button that is too small": /button#small is 20/,
  "a second h1": /it has not one h1/,
  "a title of its own": /its title is its own/,
  "what does not load": /404 for \/missing\.svg/,
  "a script that breaks": /script: broken/,
  "a heavy page": /its first load takes/,
};

export async function proof(browser) {
  const judge = new Judge(""), found = [];
  judge.fault = (where, what) => found.push(`${where}: ${what}`);
  const p = await person(browser, judge);
  await p.context.route("http://wrong.localhost/**", (r) => r.fulfill(files[new URL(r.request().url()).pathname]));
  await p.page.goto("http://wrong.localhost/");
  judge.titles.set("en", await p.page.title());
  await p.page.goto("http://wrong.localhost/wrong");
  await judge.look(p, "wrong");
  await p.page.evaluate(() => new Promise((done) => { setTimeout(() => { setTimeout(done); throw new Error("broken"); }); }));
  const blind = await reach(p, "input").then(() => "a focus that nobody sees", () => null);
  await judge.weigh(p, "http://wrong.localhost/heavy", "heavy");
  await p.context.close();
  const missed = Object.entries(must).filter(([, words]) => !found.some((f) => words.test(f))).map(([what]) => what);
  if (blind) missed.push(blind);
  if (missed.length) throw new Error(`the judge does not see: ${missed.join(", ")}`);
}
