// The morning of five people in five windows, and of who runs the machines in a sixth. Nobody
// touches a window to see what another did: each changes by itself. What a window is sent is
// read: of what one person wrote, it holds what its own person may know.
import { must, opens, shown } from "./morning.mjs";
import { byCode, fill, press, tick } from "./people.mjs";
import { seats } from "./office.mjs";

// soon is in how many milliseconds an event shows, at least half of the times. None takes as
// long as the beat of a page without a bell.
const soon = 2000, beat = 30_000;

const unseen = async () => {};
const her = ["Canary Somebody", "Ask for the bakery."]; // as the morning writes them
const session = "Canary of the session.", findings = "Canary of the findings.";

const asked = {
  counsellor: ["psychosocial_service", "counselling-centre", "/desk/plans"],
  lawyer: ["legal_assistance_service", "legal-aid-clinic", "/desk/matters"],
  examiner: ["forensic_examination_service", "forensic-clinic", "/desk/examinations"],
};
// knows is what of all this a window may hold. Her desk sees no work; who was asked and
// declined, who leads, and who runs the machines see nothing of it.
const knows = { caseworker: her, counsellor: [...her, session], examiner: [...her, findings], lawyer: [], supervisor: [], operator: [] };
const canaries = [...new Set(Object.values(knows).flat())];

// hears keeps what a window was sent.
function hears(p) {
  const sent = [], coming = [];
  p.context.on("response", (r) => coming.push(r.headers()["content-type"]?.includes("html") ?
    r.text().then((body) => sent.push(r.url() + body), () => {}) : null));
  return async () => (await Promise.all(coming), sent.join("\n"));
}

// clock waits for what an act does in other windows, and says how long each took. Their pages
// are not loaded again meanwhile.
class Clock {
  taken = [];

  async rings(act, what) {
    for (const p of what.keys()) await p.page.evaluate(() => { globalThis.same = true; });
    const all = [...what].map(async ([p, holds]) => {
      await holds(p.page);
      const at = Date.now();
      must(await p.page.evaluate(() => globalThis.same), "a window was loaded again");
      return at;
    });
    const settled = Promise.allSettled(all); // one that fails while the act goes on is heard below
    await act();
    const from = Date.now();
    await settled;
    for (const one of all) this.taken.push(Math.max(0, await one - from));
  }

  median() { return this.taken.toSorted((a, b) => a - b)[Math.floor(this.taken.length / 2)]; }
}

const stands = (selector) => (page) => page.locator(selector).first().waitFor({ timeout: beat });
const goes = (selector) => (page) => page.locator(selector).first().waitFor({ state: "detached", timeout: beat });

// asksThree asks three agencies for three services in one form, each with her consent.
async function asksThree(desk, at) {
  await press(desk, `main a[href="/desk/cases/${at}/ask"]`);
  for (const [service] of Object.values(asked)) await tick(desk, `[name="ask.services"][value=${service}]`);
  await fill(desk, { "ask.urgency": "urgent" });
  await press(desk, "button[value=match]");
  for (const [service, agency] of Object.values(asked)) await tick(desk, `[name="ask.pick"][value="${service} ${agency}"]`);
  await press(desk, "button[value=choose]");
  const ask = '[name="consent_for"], [name="ask.consent"]';
  while (await desk.page.locator(ask).count()) {
    await press(desk, ask);
    await fill(desk, { "/given_by": "survivor", "/method": "oral" });
    await press(desk, "button[value=read]");
    await press(desk, "button[value=agree]");
  }
}

// takes puts a referral into the hands of its worker, and records one thing.
async function takes(p, office, referral, path, subject, act, fields) {
  await p.page.locator(`main a[href^="${path}/"]`).waitFor({ timeout: beat }); // the room heard of it by itself
  await press(p, 'a[href*="/do/assignReferral/"]');
  await fill(p, { "/worker": subject });
  await press(p, "main form button.main");
  const work = await p.page.locator(`main a[href^="${path}/"]`).getAttribute("href");
  for (const end = Date.now() + 60_000; ;) {
    await p.page.goto(office.base + work);
    if (await p.page.locator(`main a[href*="/do/${act}/"]`).count()) break;
    must(Date.now() < end, `${path} does not come to its worker`);
  }
  await press(p, `main a[href*="/do/${act}/"]`);
  await fill(p, fields);
  await press(p, "main form button.main");
  const written = await p.page.content();
  await p.page.goto(office.base + referral);
  return written;
}

export async function five(window, office, judge, see) {
  const clock = new Clock();
  const subject = { counsellor: await office.registers("counsellor"), examiner: await office.registers("examiner") };
  const p = {}, sent = {}, referral = {};
  await Promise.all(Object.keys(knows).map(async (who) => {
    p[who] = await window({});
    sent[who] = hears(p[who]);
    await byCode(p[who], office, who, who === "operator" ? "/console/" : "/desk/");
  }));
  const { caseworker, counsellor, lawyer, examiner, supervisor, operator } = p;

  // One case, three services at once: three homes and the home of who leads say so.
  const at = await opens(caseworker, unseen);
  await asksThree(caseworker, at);
  await clock.rings(() => press(caseworker, "button[value=send]"), new Map([
    ...[counsellor, lawyer, examiner].map((w) => [w, stands('a.heap[href*="view=new"]')]),
    [supervisor, stands('a.heap[href*="role=sender"]')],
  ]));
  await Promise.all(Object.keys(asked).map(async (who) => {
    await press(p[who], 'a.heap[href*="view=new"]');
    await press(p[who], "main .list a.card");
    referral[who] = new URL(p[who].page.url()).pathname;
  }));

  // One declines: her need is unmet, and stands on the home of her desk. It is settled.
  await press(caseworker, 'header nav a[href="/desk/"]');
  await press(lawyer, 'a[href*="/do/declineReferral/"]');
  await fill(lawyer, { "/reason": "at_capacity" });
  await clock.rings(() => press(lawyer, "main form button.main"), new Map([
    [caseworker, stands('a.heap[href*="unmet"]')],
  ]));
  await see(caseworker, "five-unmet");
  await caseworker.page.goto(`${office.base}/desk/cases/${at}/needs/${referral.lawyer.split("/").pop()}`);
  await fill(caseworker, { "/settlement": "no_longer_wanted" });
  await press(caseworker, "button[value=settle]");

  // Two accept. The list of what her desk asked for says it, line by line.
  await caseworker.page.goto(office.base + "/desk/referrals?role=sender&view=new");
  for (const who of ["counsellor", "examiner"]) {
    const line = `main .list a.card[href="${referral[who]}"]`;
    await caseworker.page.waitForSelector(line);
    await press(p[who], 'a[href*="/do/acceptReferral/"]');
    await clock.rings(() => press(p[who], "main form button.main"), new Map([[caseworker, goes(line)]]));
  }
  await shown(counsellor, office.base + referral.counsellor);
  await press(counsellor, "#hide-packet");
  const written = await Promise.all([
    takes(counsellor, office, referral.counsellor, asked.counsellor[2], subject.counsellor, "recordSession", { "/kind": "individual", "/attendance": "attended", "/notes": session }),
    takes(examiner, office, referral.examiner, asked.examiner[2], subject.examiner, "recordExamination", { "/findings": findings, "/examiner_credential": "GT-FM-0000" }),
  ]);
  must(written[0].includes(session), "the counsellor is not shown what was written");
  must(written[1].includes(findings), "the examiner is not shown what was written");

  // Her no ends it, on the pages that are open.
  const packet = 'form[action$="/packet"]';
  for (const one of [counsellor, examiner]) await one.page.waitForSelector(packet);
  await caseworker.page.goto(`${office.base}/desk/cases/${at}/consent`);
  await press(caseworker, 'a[href$="/withdraw"]');
  for (const box of await caseworker.page.locator('input[type=checkbox][name="consent"]').all()) await box.check();
  if (await caseworker.page.locator('input[type=checkbox][name="consent"]').count()) await press(caseworker, "main form button.main");
  await clock.rings(() => press(caseworker, "button[value=withdraw]"), new Map([[counsellor, goes(packet)], [examiner, goes(packet)]]));
  await see(counsellor, "five-her-no");

  // Meanwhile something got stuck, and the console says so: it has no bell of its own.
  const letter = 'main a.card[href^="/console/letters/"]';
  await operator.page.evaluate(() => { globalThis.same = true; });
  await office.breaks();
  await operator.page.waitForSelector(letter, { timeout: 2 * beat });
  must(await operator.page.evaluate(() => globalThis.same), "the console was loaded again");

  for (const [who, window] of Object.entries(p)) {
    const held = await sent[who]() + await window.page.content();
    must(held.includes("</html>"), `nothing of what the ${who} was sent was read`);
    for (const c of canaries) must(knows[who].includes(c) || !held.includes(c), `the window of the ${who} was sent "${c}"`);
    await window.context.close();
  }
  judge.rings = { median: clock.median(), longest: Math.max(...clock.taken), times: clock.taken.length };
  if (judge.rings.median > soon) judge.fault("the bell", `half of all changes take more than ${judge.rings.median} ms to show`);
}
