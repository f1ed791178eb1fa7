// The rooms of the morning: the lawyer, the counsellor and the examiner accept, take the work,
// and record what the day brings. Each puts one entry right, and sees what it held before.
import { arrives, consents, must, opens } from "./morning.mjs";
import { appears, byCode, fill, press } from "./people.mjs";
import { seats } from "./office.mjs";

const unseen = async () => {};
const canary = "Canary words of a worker.";
const next = "What was meant.";

const rooms = {
  lawyer: {
    path: "/desk/matters", service: "legal_assistance_service", text: "/advice/summary",
    acts: [
      ["giveAdvice", { "/topic": "family_law", "/summary": canary }],
      ["applyProtectionOrder", { "/court": "Family court", "/measures": "No contact." }],
      ["recordOrderResult", { "/result": "interim", "/valid_until": "2031-01-01T10:00" }],
    ],
  },
  counsellor: {
    path: "/desk/plans", service: "psychosocial_service", text: "/session/notes",
    acts: [
      ["makeSafetyPlan", { "/plan": "Where she goes." }],
      ["recordSession", { "/kind": "individual", "/attendance": "attended", "/notes": canary }],
    ],
  },
  examiner: {
    path: "/desk/examinations", service: "forensic_examination_service", text: "/record/findings",
    acts: [
      ["recordExamination", { "/findings": canary, "/examiner_credential": "GT-FM-0000" }],
      ["collectExhibit", { "/kind": "swab", "/seal_number": "K-2041/7", "/description": "In the cold store." }],
      ["issueCertificate", { "/opinion": "consistent_with", "/text": "What the findings say." }],
    ],
  },
};

const text = (p) => p.page.locator("main").innerText();

// opened is the page with everything unfolded.
async function opened(p) {
  await p.page.locator("main details").evaluateAll((all) => all.forEach((d) => { d.open = true; }));
}

export async function works(who, window, office, see) {
  const r = rooms[who], [agency] = seats[who];
  const subject = await office.registers(who);
  const desk = await window(), worker = await window();
  await byCode(desk, office, "caseworker");
  await consents(desk, await opens(desk, unseen), unseen, r.service, agency);
  await desk.context.close();

  await byCode(worker, office, who);
  await arrives(worker, office);
  await press(worker, 'a.heap[href*="view=new"]');
  await press(worker, "main .list a.card");
  const referral = worker.page.url();
  await press(worker, 'a[href*="/do/acceptReferral/"]');
  await press(worker, "main form button.main");
  await appears(worker, referral, `main a[href^="${r.path}/"]`);
  const at = await worker.page.locator(`main a[href^="${r.path}/"]`).getAttribute("href");
  await appears(worker, office.base + at, "main dl");
  await see(worker, `${who}-work-of-nobody`);
  await worker.page.goto(referral);
  await press(worker, 'a[href*="/do/assignReferral/"]');
  await see(worker, "do-assignReferral");
  await fill(worker, { "/worker": subject });
  await press(worker, "main form button.main");

  await appears(worker, office.base + at, 'main a[href*="/do/"]');
  await see(worker, `${who}-work-new`);
  for (const [act, fields] of r.acts) {
    await press(worker, `main a[href*="/do/${act}/"]`);
    await fill(worker, fields);
    await see(worker, `do-${act}-filled`);
    await press(worker, "main form button.main");
  }
  must(!(await text(worker)).includes(canary), "what was written stands open on the page");
  await see(worker, `${who}-work`);
  const change = worker.page.locator("li.card", { hasText: canary }).locator('a[href*="/amend/"]').first();
  await worker.page.goto(office.base + await change.getAttribute("href"));
  await see(worker, `${who}-amend`);
  await fill(worker, { [r.text]: next, "/reason": "correction" });
  await press(worker, "main form button.main");
  await opened(worker);
  must((await text(worker)).includes(next) && (await text(worker)).includes(canary), "a corrected entry does not show what it held before");
  await see(worker, `${who}-work-opened`);
  for (const page of ["history", "looks"]) {
    await worker.page.goto(`${office.base}${at}/${page}`);
    await see(worker, `${who}-${page}`);
  }
  await press(worker, `header nav a[href="${r.path}"]`);
  await see(worker, `${who}-list`);
  await worker.page.goto(office.base + "/desk/");
  await see(worker, `${who}-home`);
  await worker.context.close();
}
