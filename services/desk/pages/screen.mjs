// The safety of the screen: one key hides every window of a person, after Leave the way back
// shows sign-in and nothing else, and what may not be seen any more does not stay.
import { must, opens } from "./morning.mjs";
import { byCode, press } from "./people.mjs";

export async function hides(p, office, see) {
  await byCode(p, office, "caseworker");
  const second = await p.context.newPage();
  await second.goto(office.base + "/desk/cases");
  await second.keyboard.press("Escape");
  for (const page of [p.page, second]) {
    await page.waitForSelector("#code", { timeout: 10_000 });
    if ((await page.locator("header nav").count()) !== 0) throw new Error("a hidden window shows more than sign-in");
  }
  await second.goto(office.base + "/desk/cases");
  await second.waitForSelector("#code");
  await second.close();
  await see(p, "hidden");
}

export async function leaves(p, office, see) {
  await byCode(p, office, "caseworker");
  await p.page.goto(office.base + "/desk/cases");
  await p.page.goto(office.base + "/desk/cases/open");
  await p.page.click("#leave");
  await p.page.waitForSelector("#left");
  await see(p, "left");
  for (let back = 0; back < 2; back++) {
    await p.page.goBack();
    await p.page.waitForSelector("#code", { timeout: 10_000 });
    if ((await p.page.locator("header nav").count()) !== 0) throw new Error("going back shows more than sign-in");
  }
}

// loses is a list that is rung: the keyboard stays where it is. Then the list may not be seen
// any more, and says so in its place.
export async function loses(p, office, see) {
  await byCode(p, office, "lawyer");
  await press(p, 'header nav a[href="/desk/referrals"]');
  const { page } = p, card = page.locator("main .list a.card").first();
  const ring = () => Promise.all([
    page.waitForResponse((r) => r.request().headers()["sanad-bell"] === "1"),
    page.evaluate(() => document.body.dispatchEvent(new CustomEvent("sanad:ring"))),
  ]);
  await card.focus();
  const at = await card.getAttribute("href");
  await ring();
  await page.waitForTimeout(200); // for the change of the page
  must(await page.evaluate(() => document.activeElement.getAttribute("href")) === at, "a ring takes the keyboard away");
  await page.route("**/desk/referrals", (r) => r.continue({ url: office.base + "/desk/referrals/ref_nobody" }));
  await ring();
  await card.waitFor({ state: "detached", timeout: 10_000 });
  await see(p, "not-any-more");
  await p.context.close();
}

// takesOff has a colleague close her contact while her case stands open in another window: how
// to reach her goes off that page, though nobody touches it.
export async function takesOff(desk, colleague, office) {
  for (const p of [desk, colleague]) await byCode(p, office, "caseworker");
  const at = `${office.base}/desk/cases/${await opens(desk, async () => {})}`;
  await desk.page.goto(at);
  await desk.page.waitForSelector("[data-still]");
  await colleague.page.goto(at);
  await press(colleague, 'a[href*="/do/suspendContact/"]');
  await press(colleague, "main form button.main");
  await desk.page.waitForSelector("main > .refused", { timeout: 60_000 });
  if (await desk.page.locator("[data-still]").count()) throw new Error("how to reach her stands on an open page");
}
