// A court with protected rooms, and who looks for conflicts of interest at an office of lawyers: a room is
// booked for a hearing that moves, the registrar knows the times of the other side, and the usher neither.
import { must } from "./morning.mjs";
import { byCode, fill, press } from "./people.mjs";

const word = "Jasmine", beside = "Her sister";

// matter is one that the lawyer has, of a client with a name.
async function matter(office, name, check) {
  const agency = "legal-aid-clinic", service = "legal_assistance_service", until = new Date(Date.now() + 60 * 86_400_000).toISOString();
  const { id } = await office.call("caseworker", "/v1/cases", { channel: "citizen_service_office", country: "GT", programme: "guatemala", name, survivor: { age_band: "18+" } });
  await office.call("caseworker", `/v1/cases/${id}/consents`, {
    recipient: agency, service, purpose: "service_delivery", categories: ["identity"], expires: until, method: "oral", given_by: "survivor", witnessed: true,
  });
  const { referrals } = await office.call("caseworker", `/v1/cases/${id}/requests`, { requests: [{ recipient: agency, service, urgency: "urgent" }] });
  const referral = referrals[0].id, of = `/v1/matters/mat${referral.slice(3)}`;
  const { subject } = await office.registers("lawyer");
  await office.until("lawyer", `/v1/referrals/${referral}/accept`, {});
  await office.until("lawyer", `/v1/referrals/${referral}/assign`, { worker: subject });
  await office.until("lawyer", `${of}/conflict-check`, check);
  return of;
}

export async function court(window, office, see) {
  const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10), next = new Date(Date.now() + 4 * 86_400_000).toISOString().slice(0, 10);
  const hers = await matter(office, "Maribel Example", { client: ["Maribel Example"] });
  const other = await matter(office, "Somebody Else", { client: ["Somebody Else"], opponents: ["Maribel Example"] });
  const { id } = await office.call("registrar", "/v1/courts", {
    name: "East Court", zone: "UTC", opens: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, from: "06:00", until: "20:00" })), margin_minutes: 20,
    entrances: [{ number: 1, name: "Side street" }, { number: 2, name: "Main door" }],
    rooms: [{ number: 1, name: "The quiet room", capacity: 2, equipment: ["video_link"], entrances: [1] }],
  });
  await office.call("registrar", `/v1/courts/${id}/opposing`, { date: day, entrance: 2, from: `${day}T13:00:00Z`, until: `${day}T14:00:00Z` });
  const { hearings } = await office.call("lawyer", `${hers}/hearings`, { kind: "trial", starts_at: `${day}T10:00:00Z`, court: "East Court" }).then(() => office.read("lawyer", hers));

  const lawyer = await window();
  await byCode(lawyer, office, "lawyer");
  await lawyer.page.goto(office.base + hers.replace("/v1", "/desk"));
  await see(lawyer, "court-matter");
  await press(lawyer, 'main a[href*="/do/bookRoom/"]');
  await see(lawyer, "do-bookRoom");
  await fill(lawyer, {
    "/court": id, "/for": "survivor", "/persons": "2", "/code_word": word, "/accompanied_by": beside, "/room": "1", "/entrance": "1",
    "/from": `${day}T09:00`, "/until": `${day}T12:00`,
  });
  await press(lawyer, "main form button.main");
  await see(lawyer, "court-booking");
  await office.call("lawyer", `${hers}/hearings/move`, { hearing: hearings[0].id, starts_at: `${next}T10:00:00Z` });
  await lawyer.page.goto(office.base + "/desk/bookings");
  await see(lawyer, "court-bookings");
  await lawyer.context.close();

  const registrar = await window();
  await byCode(registrar, office, "registrar");
  await registrar.page.goto(`${office.base}/desk/courts/${id}?date=${day}`);
  must(!(await registrar.page.locator("main").innerText()).includes(word), "the registrar reads a code word");
  await see(registrar, "court-registrar");
  await registrar.page.goto(`${office.base}/desk/do/changeCourt/${id}`);
  await see(registrar, "do-changeCourt");
  await registrar.context.close();

  const usher = await window();
  await byCode(usher, office, "usher");
  await usher.page.goto(office.base + "/desk/courts");
  await see(usher, "courts");
  await usher.page.goto(`${office.base}/desk/courts/${id}?date=${next}`);
  const said = await usher.page.locator("main").innerText();
  must(said.includes(word) && said.includes(beside), "the usher does not know whom to expect");
  await see(usher, "court-usher");
  await usher.context.close();

  const security = await window();
  await byCode(security, office, "security");
  await security.page.goto(office.base + "/desk/alarms");
  await see(security, "court-alarms");
  await security.context.close();

  const officer = await window();
  await byCode(officer, office, "officer");
  await officer.page.goto(office.base + "/desk/conflicts");
  await see(officer, "conflicts");
  await officer.page.goto(office.base + other.replace("/v1/matters", "/desk/conflicts"));
  await see(officer, "conflict");
  await officer.context.close();
}
