// A trust fund at its desks: a call is written and published, an organization applies until the minute in which
// the call closes, two assess without seeing each other, five vote, and the first report comes in.
import { must } from "./morning.mjs";
import { byCode, fill, press, unfold } from "./people.mjs";

const agency = "casa-lirio", name = "Casa Lirio";
const day = (after) => new Date(Date.now() + after * 86_400_000).toISOString().slice(0, 10);
const said = (p) => p.page.locator("main").innerText();

// vienna is a minute of Vienna as a form takes it.
function vienna(minutes) {
  const at = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Vienna", dateStyle: "short", timeStyle: "short" });
  return at.format(new Date(Date.now() + minutes * 60_000)).replace(" ", "T");
}

// at is somebody's desk on a page.
async function at(window, office, who, path) {
  const p = await window();
  await byCode(p, office, who);
  if (path) await p.page.goto(office.base + path);
  return p;
}

// command opens the form of a command that a page offers.
const command = (p, operation) => press(p, `main a[href*="/do/${operation}/"]`);
const send = (p) => press(p, "main form button.main");

// attach gives a file.
async function attach(p, text) {
  await p.page.setInputFiles('main input[type="file"]', { name: "paper.pdf", mimeType: "application/pdf", buffer: Buffer.from(`%PDF-1.7 ${text}`) });
  await send(p);
}

// money brings what is given out, and seats the board. It is done once in an office.
async function money(office) {
  if ((await office.read("manager", "/v1/fund/ledger")).donations?.length) return;
  const { donations } = await office.call("manager", "/v1/fund/donations", { kind: "state", name: "Austria", country: "AT", pledged_cents: 5_000_000, on: day(-1) });
  await office.call("manager", "/v1/fund/payments", { donation: donations[0].id, cents: 4_000_000, on: day(-1) });
  for (let seat = 1; seat <= 5; seat++) await office.call("manager", "/v1/trustees", { seat, subject: `trustee@board-${seat}`, from: day(-1) });
}

export async function fund(window, office, see) {
  await money(office);
  const manager = await at(window, office, "manager", "/desk/ledger");
  await see(manager, "fund-ledger");
  await manager.page.goto(office.base + "/desk/trustees");
  await see(manager, "fund-trustees");
  await manager.page.goto(office.base + "/desk/calls");
  await command(manager, "draftCall");
  await see(manager, "do-draftCall");
  const number = `short-${Date.now()}`, until = Date.now() + 60_000;
  await fill(manager, {
    "/number": number, "/title/0/language": "en", "/title/0/text": number, "/sub_programme": "short_term", "/least_cents": "1000", "/most_cents": "20000",
    "/least_months": "3", "/most_months": "9", "/languages": "en", "/questions/0/id": "need", "/questions/0/text/0/language": "en",
    "/questions/0/text/0/text": "What is missing?", "/questions/0/most_letters": "500", "/criteria/0/id": "need", "/criteria/0/text/0/language": "en",
    "/criteria/0/text/0/text": "Is it needed?", "/criteria/0/weight": "100", "/papers": true, "/opens": vienna(-60), "/closes": vienna(1),
    "/registered_by": "2023-12-01", "/direct_since": "2024-11-30", "/differ_points": "15",
  });
  await send(manager);
  await press(manager, `main a:has-text("${number}")`);
  await see(manager, "fund-call-draft");
  await command(manager, "publishCall");
  await send(manager);
  const call = new URL(manager.page.url()).pathname.split("/").pop();

  const applicant = await at(window, office, "applicant", "/desk/calls");
  await see(applicant, "fund-calls");
  await press(applicant, `main a:has-text("${number}")`);
  await see(applicant, "fund-call");
  await press(applicant, 'main form[action$="/apply"] button');
  const application = new URL(applicant.page.url()).pathname.split("/").pop(), page = `/desk/applications/${application}`, api = `/v1/applications/${application}`;
  await see(applicant, "fund-application-new");
  await command(applicant, "storeApplicationFile");
  await see(applicant, "do-storeApplicationFile");
  await attach(applicant, "what we want to do");
  await see(applicant, "do-nameApplicationPaper");
  await fill(applicant, { "/paper": "proposal" });
  await send(applicant);
  await command(applicant, "saveApplication");
  await see(applicant, "do-saveApplication");
  await press(applicant, 'main button[name="add"][value="/budget"]');
  if (!await applicant.page.locator('[name="/organisation/name"]').isVisible()) await unfold(applicant, "main details summary");
  await fill(applicant, {
    "/organisation/name": name, "/organisation/registered_on": "2019-04-02", "/organisation/direct_since": "2020-01-01", "/country": "GT", "/language": "en",
    "/months": "6", "/requested_cents": "9000", "/answers/0/text": "Clothes", "/budget/0/category": "staff", "/budget/0/description": "One person",
    "/budget/0/unit_cents": "1500", "/budget/0/quantity": "1", "/budget/0/months": "6",
  });
  await send(applicant);
  await command(applicant, "submitApplication");
  await see(applicant, "do-submitApplication");
  await send(applicant);
  await see(applicant, "fund-application");
  await applicant.page.goto(`${office.base}${page}/receipt`);
  await see(applicant, "fund-receipt");
  await manager.page.goto(`${office.base}/desk/received?status=submitted&call=${call}`);
  must(!(await said(manager)).includes(name), "the secretariat reads an application before the call is closed");

  await manager.page.waitForTimeout(Math.max(0, until + 60_000 - Date.now()));
  await manager.page.goto(`${office.base}/desk/received?status=submitted&call=${call}`);
  await see(manager, "fund-received");
  await manager.page.goto(office.base + page);
  await command(manager, "judgeEligibility");
  await see(manager, "do-judgeEligibility");
  const rules = ["non_profit", "own_bank_account", "own_responsibility", "measures_against_sexual_exploitation", "papers_genuine"];
  await office.call("manager", `${api}/eligibility`, { findings: rules.map((rule) => ({ rule, met: true, reason: "seen" })) });
  await office.call("treasurer", `${api}/eligibility/countersign`, { agrees: true });
  const due = new Date(Date.now() + 7 * 86_400_000).toISOString();
  for (const who of ["assessor", "assessor2"]) {
    await office.call("manager", `${api}/assessors`, { assessor: who === "assessor" ? "fund_assessor@university" : "fund_assessor@institute", due });
    await office.call(who, `${api}/interest`, { interest: "no_conflict" });
  }
  await office.call("assessor2", `${api}/scores`, { scores: [{ criterion: "need", points: 90, reason: "What the other wrote" }] });

  const assessor = await at(window, office, "assessor", "/desk/assignments");
  await see(assessor, "fund-assignments");
  await assessor.page.goto(office.base + page);
  must(!(await said(assessor)).includes("What the other wrote"), "an assessor sees the other's score");
  await see(assessor, "fund-assess");
  await command(assessor, "scoreApplication");
  await see(assessor, "do-scoreApplication");
  await fill(assessor, { "/scores/0/points": "80", "/scores/0/reason": "As it says" });
  await send(assessor);
  await assessor.context.close();

  await manager.page.goto(`${office.base}/desk/ranking?call=${call}`);
  await see(manager, "fund-ranking");
  await office.call("manager", `${api}/select`, { amount_cents: 900_000, reason: "by its rank", vote_by: due });
  const trustee = await at(window, office, "trustee1", "/desk/votes");
  await see(trustee, "fund-votes");
  await trustee.page.goto(office.base + page);
  await command(trustee, "voteOnApplication");
  await see(trustee, "do-voteOnApplication");
  await fill(trustee, { "/vote": "for", "/reason": "As I see it" });
  await send(trustee);
  await trustee.context.close();
  for (let seat = 2; seat <= 5; seat++) await office.call(`trustee${seat}`, `${api}/votes`, { vote: "for", reason: "As I see it" });
  await manager.page.goto(office.base + page);
  await see(manager, "fund-voted");
  await office.call("manager", `${api}/award`, {});
  await manager.page.goto(office.base + page);
  await see(manager, "fund-awarded");
  await command(manager, "draftAgreement");
  await see(manager, "do-draftAgreement");
  const { id } = await office.call("manager", "/v1/grants", {
    application, agency, name, hidden_place: false, services: ["nfi_clothes_shoes_service"], cents: 900_000, months: 6, from: day(0),
    instalments: [{ cents: 600_000, report_due: day(90) }, { cents: 300_000, report_due: day(240) }], budget: [{ line: "staff", cents: 900_000 }],
  });
  const grant = `/v1/grants/${id}`;
  await office.call("applicant", `${grant}/sign-for-grantee`, { draft: 1 });
  await office.call("treasurer", `${grant}/sign`, { draft: 1 });
  await office.call("manager", `${grant}/payments`, { instalment: 1 });
  await office.call("treasurer", `${grant}/payments/confirm`, { instalment: 1 });

  await applicant.page.goto(`${office.base}/desk/grants/${id}`);
  await see(applicant, "fund-grant");
  await command(applicant, "storeGrantPaper");
  await attach(applicant, "receipts of three months");
  await command(applicant, "submitReport");
  await see(applicant, "do-submitReport");
  await fill(applicant, {
    "/narrative/0/text": "We gave clothes.", "/narrative/1/text": "Women could go out.", "/narrative/2/text": "The rain.", "/narrative/3/text": "Shoes.",
    "/spent_cents": "5000", "/spending/0/cents": "5000", "/papers": true,
  });
  await send(applicant);
  await see(applicant, "fund-reported");
  await applicant.context.close();
  await manager.page.goto(`${office.base}/desk/grants/${id}`);
  await see(manager, "fund-grant-secretariat");
  await command(manager, "sendReportBack");
  await see(manager, "do-sendReportBack");
  await manager.page.goto(office.base + "/desk/");
  await see(manager, "fund-home");
  await manager.context.close();
}
