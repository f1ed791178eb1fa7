// `make pages`: a real office, a real browser, one morning. It ends with the figures, and with
// failure where the judge found anything.
import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { chromium } from "playwright-core";
import { clinic } from "./clinic.mjs";
import { court } from "./court.mjs";
import { directory } from "./directory.mjs";
import { beside, doors, teams } from "./doors.mjs";
import { figures } from "./figures.mjs";
import { five } from "./five.mjs";
import { Judge, budget } from "./judge.mjs";
import { least, score } from "./lighthouse.mjs";
import { consents, opens, whole, withoutScripts } from "./morning.mjs";
import { fund } from "./fund.mjs";
import { machines } from "./machines.mjs";
import { open } from "./office.mjs";
import { appears, byCode, byLink, person, press } from "./people.mjs";
import { proof } from "./proof.mjs";
import { works } from "./rooms.mjs";
import { hides, leaves, loses, takesOff } from "./screen.mjs";
import { tour } from "./tour.mjs";

const [program, pictures, readme] = process.argv.slice(2);
// ONLY names the parts that are played, by a pattern. What is missing then is a fault.
const only = new RegExp(process.env.ONLY ?? "");
// That of the system, else the one that `playwright-core install chromium` put there.
const executablePath = process.env.CHROMIUM ?? ["/usr/bin/chromium"].find(existsSync);

await rm(pictures, { recursive: true, force: true });
await mkdir(pictures, { recursive: true });
const office = await open(program);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"], handleSIGINT: false, handleSIGTERM: false });
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => browser.close().then(office.close).then(() => process.exit(1)));
const judge = new Judge(pictures);
const see = (p, name) => judge.look(p, name);
const unseen = async () => {};
const window = (choice) => person(browser, judge, choice);

// part plays one part to its end. One that breaks is a fault, and the others go on.
async function part(name, play) {
  if (!only.test(name)) return;
  const from = Date.now();
  try {
    await play();
  } catch (err) {
    judge.fault(name, err.message.split("\n").slice(0, 4).join(" "));
  }
  console.log(`${name}: ${Math.round((Date.now() - from) / 1000)} s`);
}

// asked is one more referral on the clinic's list.
async function asked() {
  const desk = await window({});
  await byCode(desk, office, "caseworker");
  await consents(desk, await opens(desk, unseen), unseen);
  await desk.context.close();
}

try {
  await part("the judge sees what is wrong", () => proof(browser));
  await part("sign-in", async () => {
    for (const language of ["en", "ar"]) {
      const p = await window({ language });
      await p.page.goto(office.base + "/desk/sign-in");
      await see(p, "sign-in");
      if (language === "en") await judge.weigh(p, office.base + "/desk/sign-in", "sign-in");
      await p.page.fill("#code", "AAAA-BBBB-CCCC");
      await p.page.click("form[data-code] button");
      await p.page.waitForSelector("[role=alert]");
      await see(p, "sign-in-refused");
      await p.context.close();
    }
  });
  await part("a morning with a mouse, in English", async () => {
    const desk = await window({}), lawyer = await window({});
    await byLink(desk, office.links.caseworker);
    await byLink(lawyer, office.links.lawyer);
    await whole(desk, lawyer, office, see);
  });
  await part("a morning with a keyboard alone, on a narrow page, in Arabic", async () => {
    const narrow = { language: "ar", width: 360, height: 740, keys: true };
    const desk = await window(narrow), lawyer = await window(narrow);
    await byCode(desk, office, "caseworker");
    await byCode(lawyer, office, "lawyer");
    await whole(desk, lawyer, office, see);
  });
  await part("a tour, in English", () => tour(() => window({}), office, see));
  await part("a tour, in Arabic", () => tour(() => window({ language: "ar", width: 360, height: 740 }), office, see));
  for (const who of ["lawyer", "counsellor", "examiner"]) {
    await part(`the work of a ${who}, in English`, () => works(who, () => window({}), office, see));
    await part(`the work of a ${who}, on a narrow page, in Arabic`, () => works(who, () => window({ language: "ar", width: 360, height: 740 }), office, see));
  }
  await part("the forensic clinic, in English", () => clinic(() => window({}), office, see));
  await part("the forensic clinic, on a narrow page, in Arabic", () => clinic(() => window({ language: "ar", width: 360, height: 740 }), office, see));
  await part("a court, in English", () => court(() => window({}), office, see));
  await part("a court, on a narrow page, in Arabic", () => court(() => window({ language: "ar", width: 360, height: 740 }), office, see));
  await part("a court, on a narrow page, in Spanish", () => court(() => window({ language: "es", width: 360, height: 740 }), office, see));
  await part("what comes before a case, in English", () => doors(() => window({}), office, see));
  await part("what comes before a case, on a narrow page, in Arabic", () => doors(() => window({ language: "ar", width: 360, height: 740 }), office, see));
  await part("what a case has beside its services", () => beside(() => window({}), office, see));
  await part("a response team", () => teams(() => window({}), office, see));
  await part("figures, in English", () => figures(() => window({}), office, see));
  await part("figures, on a narrow page, in Arabic", () => figures(() => window({ language: "ar", width: 360, height: 740 }), office, see));
  await part("the directory, in English", () => directory(() => window({}), office, see));
  await part("the directory, on a narrow page, in Arabic", () => directory(() => window({ language: "ar", width: 360, height: 740 }), office, see));
  await part("a trust fund, in English", () => fund(() => window({}), office, see));
  await part("a trust fund, on a narrow page, in Arabic", () => fund(() => window({ language: "ar", width: 360, height: 740 }), office, see));
  await part("without scripts", async () => {
    await asked();
    await withoutScripts(await window({ width: 360, height: 740, scripts: false }), office, see);
  });
  await part("the console, in English", async () => machines(await window({}), office, see));
  await part("the console, in Arabic", async () => machines(await window({ language: "ar", width: 360, height: 740 }), office, see));
  await part("the console, without scripts", async () => machines(await window({ width: 360, height: 740, scripts: false }), office, see));
  await part("one key hides", async () => hides(await window({}), office, see));
  await part("an open case", async () => takesOff(await window({}), await window({}), office));
  await part("leave, and back", async () => leaves(await window({}), office, see));
  await part("what may not be seen any more", async () => loses(await window({}), office, see));
  await part("five people in five windows", async () => {
    const other = await open(program);
    try {
      await five(window, other, judge, see);
    } finally {
      await other.close();
    }
  });
  await part("a second opinion", async () => {
    await asked();
    const path = executablePath ?? chromium.executablePath(), at = (p) => office.base + p;
    const lawyer = await window({}), operator = await window({});
    await byCode(lawyer, office, "lawyer");
    await byCode(operator, office, "operator", "/console/");
    const first = async (list) => {
      await appears(lawyer, at(list), "main .list a.card");
      return lawyer.page.locator("main .list a.card").first().getAttribute("href");
    };
    const list = "/desk/referrals?view=new", referral = await first(list), matter = await first("/desk/matters");
    for (const [p, page, name] of [[lawyer, "/desk/", "home"], [lawyer, list, "worklist"], [lawyer, referral, "referral"], [operator, "/console/", "console"]]) {
      await judge.weigh(p, at(page), name);
    }
    await score(judge, path, at("/desk/sign-in"), [], "sign-in");
    for (const [p, page, name] of [[lawyer, "/desk/", "home"], [lawyer, referral, "referral"], [lawyer, matter, "record of a room"], [operator, "/console/", "console"]]) {
      await score(judge, path, at(page), await p.context.cookies(), name);
    }
    for (const p of [lawyer, operator]) await p.context.close();
  });
  if (readme) {
    await part("the picture of the README", async () => {
      await asked();
      const p = await window({ width: 900, height: 560 });
      await byCode(p, office, "lawyer");
      await p.page.waitForSelector('a.heap[href*="view=new"]');
      await press(p, 'a.heap[href*="view=new"]');
      await press(p, "main .list a.card");
      await p.page.screenshot({ path: readme });
      await p.context.close();
      const o = await window({ width: 900, height: 560 });
      await byCode(o, office, "operator", "/console/");
      await appears(o, office.base + "/console/", 'main a.card[href^="/console/letters/"]');
      const card = await o.page.locator('main a.card[href^="/console/letters/"]').first().boundingBox(); // the picture ends after it
      await o.page.screenshot({ path: join(dirname(readme), "console.png"), fullPage: true, clip: { x: 0, y: 0, width: 900, height: Math.ceil(card.y + card.height) + 12 } });
      await o.context.close();
    });
  }
} finally {
  await browser.close();
  await office.close();
}
console.log(`${judge.pages.size} pages and states; pictures in ${pictures}`);
for (const w of judge.weights) console.log(`${w.page}: ${w.bytes} octets, ${w.requests} requests (budget: ${budget.bytes}, ${budget.requests})`);
for (const s of judge.scores) console.log(`${s.page}: Lighthouse gives ${s.points} for ${s.what} (at least ${least})`);
if (judge.rings) console.log(`the bell: of ${judge.rings.times} changes half show within ${judge.rings.median} ms, all within ${judge.rings.longest} ms`);
if (judge.faults.length) console.log(`${judge.faults.length} faults:\n` + [...new Set(judge.faults)].join("\n"));
if (judge.faults.length || judge.weights.length < 5 || judge.scores.length < 10 || !judge.rings) process.exitCode = 1;
