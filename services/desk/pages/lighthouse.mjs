// What Lighthouse says of a page, as a second opinion: accessibility and best practices. It
// looks with a Chromium of its own, as a telephone, with the cookies of a person.
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

export const least = 95; // of 100

export async function score(judge, chromePath, url, cookies, name) {
  const chrome = await launch({ chromePath, chromeFlags: ["--headless=new", "--no-sandbox"], logLevel: "error" });
  try {
    const { lhr } = await lighthouse(url, {
      port: chrome.port, logLevel: "error", onlyCategories: ["accessibility", "best-practices"], maxWaitForLoad: 15_000,
      extraHeaders: cookies.length ? { Cookie: cookies.map((c) => `${c.name}=${c.value}`).join("; ") } : undefined,
    });
    const at = new URL(lhr.finalDisplayedUrl).pathname;
    if (at !== new URL(url).pathname) judge.fault(name, `Lighthouse saw ${at}`);
    for (const c of Object.values(lhr.categories)) {
      const points = Math.round(c.score * 100);
      judge.scores.push({ page: name, what: c.title, points });
      if (points >= least) continue;
      const low = c.auditRefs.map((r) => lhr.audits[r.id]).filter((a) => a.score !== null && a.score < 1).map((a) => a.id);
      judge.fault(name, `Lighthouse gives ${points} for ${c.title}: ${low.join(", ")}`);
    }
  } finally {
    chrome.kill();
  }
}
