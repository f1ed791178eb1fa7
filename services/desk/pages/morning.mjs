// One morning: a desk opens a case with the least, she consents, the legal-aid clinic is asked
// and accepts, is shown what she agreed to, and is shown nothing any more after her no. It is
// played with a mouse in English, on a narrow page in Arabic with a keyboard alone, and without
// scripts.
import { appears, byCode, fill, press, tick, unfold } from "./people.mjs";

const canary = { name: "Canary Somebody", note: "Ask for the bakery." };
const legal = "legal_assistance_service";
const clinics = "legal-aid-clinic";

const id = (p) => p.page.url().match(/\/cases\/([^/?#]+)/)[1];
const text = (p) => p.page.locator("body").innerText();
const accept = 'a[href*="/do/acceptReferral/"]';
const packet = 'form[action$="/packet"] button';

export function must(holds, what) {
  if (!holds) throw new Error(what);
}

async function hidesHer(p, where) {
  const shown = await text(p);
  must(!shown.includes(canary.name) && !shown.includes(canary.note), `${where}: she is shown`);
}

// opens gives a case, with what she said of herself. See looks at each page on the way.
export async function opens(desk, see) {
  await press(desk, 'header nav a[href="/desk/cases"]');
  await see(desk, "cases-none");
  await press(desk, 'main a[href="/desk/cases/open"]');
  await see(desk, "case-open");
  await fill(desk, { "/channel": "hotline", "/country": "GT", "/programme": "guatemala" });
  await press(desk, "main form button.main");
  await see(desk, "case-least");
  const at = id(desk);
  await press(desk, `a[href*="/cases/${at}/amend/contact"]`);
  await see(desk, "case-amend");
  await fill(desk, { "/contact/safe_note": canary.note, "/contact/phone": "5555 0100", "/reason": "addition" });
  await press(desk, "main form button.main");
  await unfold(desk, `details:has(a[href*="/amend/name"]) > summary`);
  await press(desk, `a[href*="/cases/${at}/amend/name"]`);
  await fill(desk, { "/name": canary.name, "/reason": "addition" });
  await press(desk, "main form button.main");
  return at;
}

// consents asks her, and then an agency for a service.
export async function consents(desk, at, see, service = legal, clinic = clinics) {
  await press(desk, `main a[href="/desk/cases/${at}/ask"]`);
  await see(desk, "ask");
  await tick(desk, `[name="ask.services"][value=${service}]`);
  await fill(desk, { "ask.urgency": "urgent" });
  await press(desk, "button[value=match]");
  await see(desk, "ask-places");
  await press(desk, "button[value=choose]"); // nothing was chosen: the page says so
  await see(desk, "ask-nothing-chosen");
  await tick(desk, `[name="ask.pick"][value="${service} ${clinic}"]`);
  await press(desk, "button[value=choose]");
  await see(desk, "ask-no-consent");
  must(await desk.page.locator("button[value=send]").count() === 0, "the clinic can be asked without her consent");
  await press(desk, '[name="consent_for"], [name="ask.consent"]');
  await see(desk, "consent-terms");
  await fill(desk, { "/given_by": "survivor", "/method": "oral" });
  await press(desk, "button[value=read]");
  await see(desk, "consent-sentence");
  await press(desk, "button[value=agree]");
  await see(desk, "ask-ready");
  await press(desk, "button[value=send]");
}

// arrives is the clinic's home: what was asked is there by itself where scripts run.
export async function arrives(clinicPerson, office) {
  const heap = 'a.heap[href*="view=new"]';
  if (clinicPerson.scripts) await clinicPerson.page.waitForSelector(heap, { timeout: 60_000 });
  else await appears(clinicPerson, office.base + "/desk/", heap);
}

// whole is the morning from the first question to her no.
export async function whole(desk, lawyer, office, see) {
  await see(desk, "home-desk");
  await see(lawyer, "home-nothing");
  const at = await opens(desk, see);
  await consents(desk, at, see);
  await see(desk, "case-asked");

  await arrives(lawyer, office);
  await see(lawyer, "home");
  await press(lawyer, 'a.heap[href*="view=new"]');
  await see(lawyer, "referrals");
  await press(lawyer, "main .list a.card");
  await hidesHer(lawyer, "before the answer");
  await see(lawyer, "referral");
  const referral = lawyer.page.url();
  must(await lawyer.page.locator(packet).count() === 0, "she is offered to be shown before the answer");
  await press(lawyer, accept);
  must(!lawyer.page.url().startsWith(referral), "acceptance does not ask once more");
  await see(lawyer, "accept");
  await press(lawyer, "main form button.main");
  await see(lawyer, "referral-accepted");
  await appears(lawyer, referral, packet);
  await shown(lawyer, referral);
  await see(lawyer, "packet");
  await press(lawyer, "#hide-packet");
  await hidesHer(lawyer, "after it was hidden");

  await desk.page.goto(`${office.base}/desk/cases/${at}/disclosures`);
  must((await text(desk)).includes(clinics), "the desk does not see that the clinic looked");
  await see(desk, "disclosures");
  await desk.page.goto(`${office.base}/desk/cases/${at}/timeline`);
  await see(desk, "timeline");
  await desk.page.goto(`${office.base}/desk/cases/${at}/consent`);
  await see(desk, "consent");
  await press(desk, `a[href*="/withdraw"]`);
  await see(desk, "withdraw");
  if (await desk.page.locator('input[type=checkbox][name="consent"]').count()) {
    await tick(desk, 'input[type=checkbox][name="consent"]');
    await press(desk, "main form button.main");
    await see(desk, "withdraw-again");
  }
  await press(desk, "button[value=withdraw]");
  await see(desk, "withdrawn");

  await closes(lawyer, referral);
  await see(lawyer, "packet-gone");
  await lawyer.page.goto(referral);
  must(await lawyer.page.locator(packet).count() === 0, "what ended offers to show her");
  await see(lawyer, "referral-ended");
}

// shown asks for the packet until the rooms have heard of the acceptance.
export async function shown(p, referral) {
  for (const end = Date.now() + 60_000; ;) {
    await press(p, packet);
    if ((await text(p)).includes(canary.note)) return;
    must(Date.now() < end, "an accepted referral shows no packet");
    await p.page.goto(referral);
  }
}

// closes asks until her no is heard, and then nothing is shown.
async function closes(p, referral) {
  for (const end = Date.now() + 60_000; ;) {
    await p.page.goto(referral);
    if (await p.page.locator(packet).count() === 0) break;
    await press(p, packet);
    if (!(await p.page.locator(".packet").count())) break;
    must(Date.now() < end, "her no does not close the packet");
  }
  await hidesHer(p, "after her no");
}

// withoutScripts is sign-in by a typed code, and acceptance.
export async function withoutScripts(lawyer, office, see) {
  await byCode(lawyer, office, "lawyer");
  await arrives(lawyer, office);
  await see(lawyer, "home-without-scripts");
  await press(lawyer, 'a.heap[href*="view=new"]');
  await press(lawyer, "main .list a.card");
  await press(lawyer, accept);
  await press(lawyer, "main form button.main");
  must(await lawyer.page.locator(accept).count() === 0, "it was not accepted without scripts");
  await see(lawyer, "accepted-without-scripts");
  await shown(lawyer, lawyer.page.url());
  await see(lawyer, "packet-without-scripts");
  await press(lawyer, "#leave");
  await see(lawyer, "left-without-scripts");
  await lawyer.page.goto(office.base + "/desk/");
  must(await lawyer.page.locator("#code").count() === 1, "after Leave without scripts the desk is open");
}
