// Figures: she is asked whether she may be counted; one person closes a period that is over, and another one
// releases its tables.
import { must } from "./morning.mjs";
import { byCode, fill, press } from "./people.mjs";

const send = "main form button.main";

export async function figures(window, office, see) {
  const { id } = await office.call("caseworker", "/v1/cases", { channel: "citizen_service_office", country: "GT", programme: "guatemala", survivor: { age_band: "18+" } });
  const desk = await window();
  await byCode(desk, office, "caseworker");
  await desk.page.goto(`${office.base}/desk/cases/${id}`);
  await press(desk, 'main a[href*="/do/answerCounting/"]');
  await see(desk, "do-answerCounting");
  await fill(desk, { "/answer": "yes", "/method": "oral", "/given_by": "survivor" });
  await press(desk, send);
  await see(desk, "case-counted");
  await desk.context.close();

  const one = await window();
  await byCode(one, office, "coordinator");
  await see(one, "home-coordinator");
  await one.page.goto(office.base + "/desk/figures/due");
  await see(one, "figures-due");
  await press(one, 'main a[href*="/do/closePeriod/"]');
  await see(one, "do-closePeriod");
  await press(one, send);
  await see(one, "figures-due-closed");
  must(!await one.page.locator('main a[href*="/do/releaseTable/"]').count(), "who closed a period is offered to release its tables");
  await one.context.close();

  const two = await window();
  await byCode(two, office, "second");
  await two.page.goto(office.base + "/desk/figures/due");
  const form = await two.page.locator('main a[href*="/do/releaseTable/"]').first().getAttribute("href");
  await press(two, 'main a[href*="/do/releaseTable/"]');
  await see(two, "do-releaseTable");
  await press(two, send);
  await see(two, "figures-due-released");
  // The same once more, from a page that is still open: it is refused in words.
  await two.page.goto(office.base + form);
  await press(two, send);
  await see(two, "do-releaseTable-again");
  await two.page.goto(office.base + "/desk/figures");
  await see(two, "figures");
  await press(two, "main a.card");
  await see(two, "figure-table");
  await two.context.close();
}
