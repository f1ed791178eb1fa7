// What comes before a case, and what a case has beside its services: cards with a code, what she
// or a neighbour tells, a receipt, a conference, a report that a law asks for, and a response team
// whose member answers by telephone.
import { consents, must, opens } from "./morning.mjs";
import { appears, byCode, fill, press } from "./people.mjs";

const unseen = async () => {};
const send = "main form button.main";

// tells writes with a code, without an account: a right code and a wrong one look the same.
async function tells(her, office, code, name, see) {
  await her.page.goto(office.base + "/desk/tell");
  await see(her, "tell");
  await fill(her, { "/code": code, "/safe_way": "call", "/reach_at": "5555 0100", "/safe_hours": "mornings" });
  await press(her, send);
  await see(her, name);
  return her.page.locator("main").innerText();
}

export async function doors(window, office, see) {
  const desk = await window(), her = await window();
  await byCode(desk, office, "caseworker");
  await desk.page.goto(office.base + "/desk/cards");
  await see(desk, "cards");
  await fill(desk, { "/count": "2", "/days": "30" });
  await press(desk, send);
  await see(desk, "cards-made");
  const code = (await desk.page.locator("main").innerText()).match(/\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b/)[0];
  const right = await tells(her, office, code, "tell-sent", see);
  must(right === await tells(her, office, "ZZZZ" + code.slice(4), "tell-wrong", unseen), "a wrong code looks different");

  await desk.page.goto(office.base + "/desk/enquiries/new");
  await see(desk, "enquiry-report");
  await fill(desk, { "/seen": "Cries at night.", "/seen_where": "The blue house.", "/danger_now": true });
  await press(desk, send);
  await appears(desk, office.base + "/desk/enquiries", "main a.card");
  await see(desk, "enquiries");
  await press(desk, "main a.card");
  await see(desk, "enquiry");
  await press(desk, 'a[href*="/do/takeEnquiry/"]');
  await press(desk, send);
  await see(desk, "enquiry-taken");
  const taken = desk.page.url();
  await press(desk, 'a[href*="/do/askEnquiryResponse/"]');
  await see(desk, "enquiry-response");
  await desk.page.goto(taken);
  await press(desk, 'a[href*="/do/settleEnquiry/"]');
  await see(desk, "enquiry-settle");
  await desk.context.close();
  await her.context.close();
}

export async function beside(window, office, see) {
  const desk = await window();
  await byCode(desk, office, "caseworker");
  const at = await opens(desk, unseen), of = `${office.base}/desk/cases/${at}`;
  await consents(desk, at, unseen);
  await desk.page.goto(of + "/consent");
  await see(desk, "consents");
  await press(desk, 'main a[href*="/receipt/"]');
  await see(desk, "receipt");
  await desk.page.locator("main form select").first().selectOption({ index: 1 });
  await press(desk, send);
  for (const command of ["proposeConference", "recordMandatoryReport", "setGoal", "askResponse", "bringDangerNews"]) {
    await desk.page.goto(of);
    for (const one of await desk.page.locator("main summary").all()) await one.click();
    const form = desk.page.locator(`main a[href*="/do/${command}/"]`).first();
    must(await form.count(), `a case does not lead to the form of ${command}`);
    await desk.page.goto(office.base + await form.getAttribute("href"));
    await see(desk, "form-" + command);
  }
  await desk.context.close();
}

// teams shows an alert to the member who is on call, who takes it and is shown where she is.
export async function teams(window, office, see) {
  const area = "GT-01", where = "The blue house behind the mill.";
  const { agency, worker } = await office.registers("counsellor");
  const { team } = await office.call("keeper", "/v1/teams", { country: "GT", programme: "guatemala", area });
  await office.call("keeper", `/v1/teams/${team}/change`, { area, members: [{ agency, worker }] });
  const hours = (n) => new Date(Date.now() + n * 3_600_000).toISOString();
  await office.call("keeper", `/v1/teams/${team}/rota`, { shifts: [{ worker, from: hours(-1), until: hours(24) }] });

  const keeper = await window();
  await byCode(keeper, office, "keeper");
  await appears(keeper, office.base + "/desk/teams", "main a.card");
  await see(keeper, "teams");
  await press(keeper, "main a.card");
  await see(keeper, "team");

  const desk = await window(), member = await window();
  await byCode(desk, office, "caseworker");
  const at = await opens(desk, unseen);
  await office.call("caseworker", `/v1/cases/${at}/response`, {
    response_ground: "her_yes", area, urgency: "emergency", place: where, danger_there: "A machete at the door.", safe_approach: "Say that you read the meter.",
  });
  await byCode(member, office, "counsellor");
  await appears(member, office.base + "/desk/alerts", "main a.card");
  await see(member, "alerts");
  await press(member, "main a.card");
  await see(member, "alert");
  must(!(await member.page.locator("body").innerText()).includes(where), "an alert shows where she is");
  await press(member, 'main form button.main');
  await see(member, "alert-going");
  await appears(desk, `${office.base}/desk/cases/${at}`, "main");
  await see(desk, "case-response");
  for (const p of [keeper, desk, member]) await p.context.close();
}
