// The forensic clinic: an examination step by step, the body map, a chain of custody that is signed on
// another machine, a certificate, and a kit of somebody whom nobody names.
import { generateKeyPairSync, sign } from "node:crypto";
import { must } from "./morning.mjs";
import { appears, byCode, fill, press } from "./people.mjs";

const hers = "Words that nobody else reads.";

// examination is one that the examiner has, with her yes to some steps.
async function examination(office) {
  const agency = "forensic-clinic", service = "forensic_examination_service", until = new Date(Date.now() + 60 * 86_400_000).toISOString();
  const { subject, worker } = await office.registers("examiner");
  await office.call("clinic", `/v1/workers/${worker}/credentials`, {
    issuer: "School of medicine", course: "forensic_medicine_residency", scope: ["examine", "collect", "certify"], valid_from: new Date(Date.now() - 86_400_000).toISOString(),
  });
  const { id } = await office.call("caseworker", "/v1/cases", { channel: "citizen_service_office", country: "GT", programme: "guatemala", name: "Maribel Example", survivor: { age_band: "18+" } });
  await office.call("caseworker", `/v1/cases/${id}/consents`, {
    recipient: agency, service, purpose: "service_delivery", categories: ["identity", "health"], expires: until, method: "oral", given_by: "survivor", witnessed: true,
  });
  const { referrals } = await office.call("caseworker", `/v1/cases/${id}/requests`, { requests: [{ recipient: agency, service, urgency: "urgent" }] });
  const referral = referrals[0].id, exam = "exam" + referral.slice(3);
  await office.until("examiner", `/v1/referrals/${referral}/accept`, {});
  await office.until("examiner", `/v1/referrals/${referral}/assign`, { worker: subject });
  const of = `/v1/examinations/${exam}`;
  await office.until("examiner", `${of}/steps`, { step: "history", answer: "consented" });
  const now = Date.now(), ago = (hours) => new Date(now - hours * 3_600_000).toISOString();
  for (const [path, body] of [
    ["findings", { step: "history", text: hers, happened: { earliest: ago(20), latest: ago(16) } }],
    ["steps", { step: "general_examination", answer: "consented" }],
    ["findings", { step: "general_examination", injury: { type: "bruise", region: "upper_arm", side: "left", aspect: "front", length_mm: 45, width_mm: 30, colour: "purple" } }],
    ["findings", { step: "general_examination", injury: { type: "abrasion", region: "knee", side: "right", aspect: "front", length_mm: 22 } }],
    ["findings", { step: "general_examination", injury: { type: "bite_mark", region: "shoulder", side: "right", aspect: "back", length_mm: 31, age: "as she tells, one day" } }],
    ["findings", { step: "general_examination", none_found: true, text: "Head and neck" }],
    ["steps", { step: "genito_anal_examination", answer: "refused" }],
    ["steps", { step: "samples", answer: "consented" }],
    ["exhibits", { kind: "swab", seal_number: "S-" + exam.slice(-6), description: hers }],
  ]) await office.call("examiner", `${of}/${path}`, body);
  return { exam, worker };
}

export async function clinic(window, office, see) {
  const { exam, worker } = await examination(office), page = `${office.base}/desk/examinations/${exam}`;
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const head = await window(), doctor = await window();
  const said = (p) => p.page.locator("main").innerText();

  await byCode(head, office, "clinic");
  await head.page.goto(office.base + "/desk/custody-keys");
  await press(head, 'main a[href*="/do/registerCustodyKey/"]');
  const known = Buffer.from(publicKey.export({ format: "jwk" }).x, "base64url").toString("base64");
  await fill(head, { "/worker": worker, "/public": known, "/until": "2027-05-01T10:00" });
  await see(head, "do-registerCustodyKey");
  await press(head, "main form button.main");
  await see(head, "custody-keys");
  const key = (await office.read("clinic", "/v1/custody-keys")).items.find((k) => k.public === known).id;
  await press(head, `main .list a.card[href$="${key}"]`);
  await see(head, "custody-key");
  await head.context.close();

  await byCode(doctor, office, "examiner");
  await doctor.page.goto(page);
  await see(doctor, "clinic-examination");
  await press(doctor, `main a[href$="/steps"]`);
  await press(doctor, 'main a[href*="photographs"][href*="consented"]');
  await see(doctor, "do-answerExaminationStep");
  await press(doctor, "main form button.main");
  await press(doctor, 'main a[href*="photographs"][href*="stopped"]');
  await press(doctor, "main form button.main");
  must(!(await said(doctor)).includes(hers), "what she told stands open on the steps");
  await see(doctor, "clinic-steps");
  await press(doctor, 'main a[href*="/do/recordFinding/"]');
  await see(doctor, "do-recordFinding");
  await doctor.page.goto(page + "/body");
  must(await doctor.page.locator("figure img").evaluate((i) => i.complete && i.naturalWidth > 0), "the body map is not drawn");
  must((await doctor.page.locator("tbody tr").count()) === 3, "a mark is not in the table");
  await see(doctor, "clinic-body");

  // signs takes the text to another machine, and brings the signature back.
  const signs = async (name) => {
    const chain = doctor.page.url().split("?")[0];
    const text = await doctor.page.evaluate(async (at) => (await fetch(at)).text(), chain + "/text");
    await press(doctor, 'main a[href*="/do/signCustodyLink/"]');
    await fill(doctor, { "/signatures/0/signature": sign(null, Buffer.from(text), privateKey).toString("base64") });
    if (name) await see(doctor, name);
    await press(doctor, "main form button.main");
  };
  const act = async (what, fields, name) => {
    await press(doctor, `main a[href*="/do/proposeCustodyLink/"][href*="${what}"]`);
    await fill(doctor, fields);
    if (name) await see(doctor, name);
    await press(doctor, "main form button.main");
  };
  await doctor.page.goto(page);
  await press(doctor, 'main a[href*="/desk/custody/"]');
  await see(doctor, "custody-new");
  await press(doctor, "main form button.main");
  await act("collected", { "/from/key": key, "/container": "swab_box" }, "do-proposeCustodyLink");
  await see(doctor, "custody-waits");
  await signs("do-signCustodyLink");
  await act("sealed", { "/seal": "S-0042" });
  await signs();
  await act("handed_over", { "/to/kind": "courier", "/to/name": "A courier", "/to/form": "F-12", "/to/witness": "The guard", "/seal": "S-0041" });
  await see(doctor, "do-proposeCustodyLink-refused");
  await fill(doctor, { "/break": true });
  await press(doctor, "main form button.main");
  await signs();
  await see(doctor, "custody-broken");
  await doctor.page.goto(office.base + "/desk/custody?attention=true");
  await see(doctor, "custody-list");

  await office.call("examiner", `/v1/examinations/${exam}/record`, { examined_at: new Date().toISOString(), findings: hers, examiner_credential: "GT-FM-1" });
  await office.call("examiner", `/v1/examinations/${exam}/certificate`, { opinion: "consistent_with", text: hers });
  await doctor.page.goto(page + "/certificate");
  await see(doctor, "clinic-certificate");
  const text = await doctor.page.evaluate(async () => (await fetch(document.querySelector('main a[href$="/certificate.txt"]').href)).text());
  await press(doctor, 'main a[href*="/do/signCertificate/"]');
  await fill(doctor, { "/signatures/0/key": key, "/signatures/0/signature": sign(null, Buffer.from(text), privateKey).toString("base64") });
  await see(doctor, "do-signCertificate");
  await press(doctor, "main form button.main");
  await press(doctor, 'main a[href*="/do/releaseCertificate/"]');
  await fill(doctor, { "/to": "kept_for_her" });
  await press(doctor, "main form button.main");
  await see(doctor, "clinic-certificate-signed");

  await doctor.page.goto(office.base + "/desk/kits");
  await press(doctor, "main form button.main");
  await see(doctor, "kit-made");
  const [number, secret] = await doctor.page.locator('.paper strong[dir="ltr"]').allInnerTexts();
  await appears(doctor, office.base + "/desk/kits", "main li.card");
  must(!(await said(doctor)).includes(secret), "the secret of a kit is shown twice");
  await see(doctor, "kits");
  await doctor.context.close();

  const her = await window();
  await her.page.goto(office.base + "/desk/kit");
  await see(her, "kit");
  await fill(her, { "/number": number, "/secret": secret });
  await press(her, "main form button.main");
  must(!(await said(her)).includes(secret), "the secret of a kit stands on the page");
  await see(her, "kit-held");
  await her.context.close();
}
