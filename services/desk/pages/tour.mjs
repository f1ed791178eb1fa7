// A tour of the pages that a morning does not need: what the navigation leads to, and the form
// of every command that a record takes. Nothing is sent, but for forms that are refused.
import { consents, opens } from "./morning.mjs";
import { byCode, press } from "./people.mjs";

const unseen = async () => {};
const leads = (p, selector) => p.page.locator(selector).evaluateAll((all) => [...new Set(all.map((a) => a.getAttribute("href")))]);

// rounds goes to each of some addresses, and names the picture by what leads there.
async function rounds(p, office, paths, name, see) {
  for (const path of paths) {
    await p.page.goto(office.base + path);
    await see(p, name(path));
  }
}

const command = (path) => "do-" + path.match(/\/do\/([^/]+)/)[1];

// everybody sees what their navigation leads to, and the way out.
async function everybody(p, office, who, see) {
  await rounds(p, office, await leads(p, "header nav a"), (path) => `${who}-${path.split("/").filter(Boolean).pop()}`, see);
}

// refused sends a form as it stands, although the browser would not.
async function refused(p, name, see) {
  await p.page.evaluate(() => { document.querySelector("main form").noValidate = true; });
  await press(p, "main form button.main");
  await p.page.waitForSelector("[role=alert]");
  await see(p, name);
}

// twice writes one part in two windows: the second is told what happened meanwhile.
async function twice(p, other, office, at, see) {
  const path = `${office.base}/desk/cases/${at}/amend/contact`, phone = '[name="/contact/phone"]';
  for (const page of [p.page, other]) await page.goto(path);
  await other.fill(phone, "5555 0111");
  await other.selectOption('[name="/reason"]', "correction");
  await other.click("main form button.main");
  await other.waitForURL(/done=/);
  await other.close();
  await p.page.fill(phone, "5555 0122");
  await p.page.selectOption('[name="/reason"]', "correction");
  await press(p, "main form button.main");
  await p.page.waitForSelector("[role=alert]");
  if (await p.page.inputValue(phone) !== "5555 0122") throw new Error("what was typed in the second window is lost");
  await see(p, "case-amend-changed");
}

export async function tour(window, office, see) {
  const desk = await window(), lawyer = await window();
  await byCode(desk, office, "caseworker");
  const at = await opens(desk, unseen);
  await desk.page.goto(office.base + "/desk/cases/open");
  await desk.page.locator("main form").evaluate((f) => f.reset());
  await desk.page.locator('[name="/programme"]').evaluate((f) => { f.options[f.selectedIndex].value = "Not A Programme"; });
  await refused(desk, "case-open-refused", see);
  await desk.page.goto(`${office.base}/desk/cases/${at}`);
  for (const one of await desk.page.locator("main summary").all()) await one.click();
  await see(desk, "case-all");
  const forms = await leads(desk, 'main a[href*="/do/"]');
  if (forms.length < 5) throw new Error(`a case leads to ${forms.length} forms`);
  await rounds(desk, office, forms, command, see);
  await twice(desk, await desk.context.newPage(), office, at, see);
  await rounds(desk, office, ["/desk/transfers", "/desk/transfers?side=given"], (path) => path.includes("given") ? "transfers-given" : "transfers", see);
  await rounds(desk, office, [`/desk/cases/${at}/looks`, "/desk/search", "/desk/everywhere"], (path) => path.split("/").pop(), see);
  await desk.page.goto(`${office.base}/desk/cases/${at}`);
  await consents(desk, at, unseen);
  await everybody(desk, office, "caseworker", see);

  await byCode(lawyer, office, "lawyer");
  await lawyer.page.waitForSelector('a.heap[href*="view=new"]', { timeout: 60_000 });
  await everybody(lawyer, office, "lawyer", see);
  await lawyer.page.goto(office.base + "/desk/");
  await press(lawyer, 'a.heap[href*="view=new"]');
  await press(lawyer, "main .list a.card");
  const referral = lawyer.page.url().replace(office.base, "");
  office.referral = referral.split("/").pop();
  await rounds(lawyer, office, await leads(lawyer, 'main a[href*="/do/"]'), command, see);
  await lawyer.page.goto(office.base + referral);
  await press(lawyer, 'a[href*="/do/declineReferral/"]');
  await refused(lawyer, "decline-refused", see);
  await lawyer.page.goto(office.base + referral);
  await press(lawyer, 'a[href*="/do/acceptReferral/"]');
  await press(lawyer, "main form button.main");
  await rounds(lawyer, office, await leads(lawyer, 'main a[href*="/do/"]'), command, see);
  await lawyer.page.goto(office.base + "/desk/referrals/ref_nobody");
  await see(lawyer, "not-found");

  const head = await window();
  await byCode(head, office, "supervisor");
  await everybody(head, office, "supervisor", see);
  await rounds(head, office, [`/desk/cases/${at}`, "/desk/searches"], (path) => path.includes(at) ? "case-frame" : "searches", see);
  const coordination = await window();
  await byCode(coordination, office, "coordinator");
  await everybody(coordination, office, "coordinator", see);
  await rounds(coordination, office, ["/desk/escalations"], () => "escalations", see);
  for (const p of [desk, lawyer, head, coordination]) await p.context.close();
}
