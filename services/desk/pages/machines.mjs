// Who runs the network: what is stuck, what can be done about it, and the way of a referral.
import { appears, byCode, fill, press } from "./people.mjs";

export async function machines(p, office, see) {
  const { page, scripts } = p, say = (name) => scripts ? name : name + "-no-scripts";
  await byCode(p, office, "operator", "/console/");
  await see(p, say("console"));
  await office.breaks();
  await appears(p, office.base + "/console/", 'main a.card[href^="/console/letters/"]');
  await see(p, say("console-stuck"));
  await press(p, 'main a.card[href^="/console/letters/"]');
  await see(p, say("console-letter"));
  await fill(p, { reason: "call +996 555 123456" });
  await press(p, "main form button.main");
  await page.waitForSelector("[role=alert]");
  await see(p, say("console-letter-refused"));
  await fill(p, { reason: "the room runs the release of today" });
  await press(p, "main form button.main");
  await page.waitForSelector("[role=alert]");
  await see(p, say("console-letters"));
  await page.goto(office.base + "/console/quarantine");
  await see(p, say("console-closed-records"));
  for (const [path, name] of [["/console/runbooks", "console-runbooks"], ["/console/runbooks/SanadDeadLetters#malformed_event", "console-runbook"]]) {
    await page.goto(office.base + path);
    await see(p, say(name));
  }
  await page.goto(office.base + "/console/way");
  await see(p, say("console-way"));
  await fill(p, { referral: "not an id" });
  await press(p, "main form button.main");
  await page.waitForSelector("[role=alert]");
  await see(p, say("console-way-refused"));
  if (office.referral) {
    await fill(p, { referral: office.referral });
    await press(p, "main form button.main");
    await page.waitForSelector("ol.way li");
    await see(p, say("console-way-shown"));
  }
  await page.goto(office.base + "/console/looks");
  await see(p, say("console-looks"));
  await page.goto(office.base + "/desk/referrals");
  await see(p, say("console-not-at-the-desk"));
  await p.context.close();
}
