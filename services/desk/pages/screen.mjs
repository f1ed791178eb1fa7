// The safety of the screen: one key hides every window of a person, and after Leave the way
// back shows sign-in and nothing else.
import { byCode } from "./people.mjs";

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
