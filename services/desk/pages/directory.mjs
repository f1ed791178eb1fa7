// The directory and its people: who says in the morning how many beds are free, who hears that
// an agency closed, who looks for a place, and who keeps the register of workers.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { byCode, fill, press } from "./people.mjs";

const refuge = "44444444-0000-4000-8000-000000000010";
const id = (n) => `44444444-0000-4000-8000-${String(n).padStart(12, "0")}`;
const term = (n, taxonomy, code) => ({ id: id(n), taxonomy_term: { taxonomy, code } });
const week = (n, byday, opens_at, closes_at) => ({ id: id(n), freq: "WEEKLY", byday, opens_at, closes_at });

// places are those of an agency, in HSDS: one that counts two things, and one that is closed.
const places = {
  id: id(1), name: "Casa Amiga", description: "Help for women and girls.",
  organization_identifiers: [{ id: id(2), identifier_scheme: "sanad-agency", identifier_type: "slug", identifier: "casa-amiga" }],
  services: [
    {
      id: refuge, name: "Refuge", status: "active", description: "Women and their children.", minimum_age: 18,
      attributes: [term(11, "sanad-service", "safehouse_service"), term(12, "sanad-area", "GT-16"), term(13, "sanad-accessibility", "wheelchair")],
      phones: [{ id: id(14), number: "+502 2222 1500", description: "Day and night" }],
      languages: [{ id: id(15), code: "es", name: "Spanish" }],
      schedules: [week(16, "MO,TU,WE,TH,FR", "08:00", "16:30"), week(17, "SA,SU", "22:00", "06:00")],
      capacities: [
        { id: id(18), unit: { id: id(19), name: "bed" }, available: 4, maximum: 10, updated: "2026-01-20T08:00:00Z" },
        { id: id(20), unit: { id: id(21), name: "family room" }, available: 0, maximum: 3, updated: "2026-01-20T08:00:00Z" },
      ],
    },
    {
      id: id(30), name: "Talks", status: "temporarily closed", attributes: [term(31, "sanad-service", "psychosocial_service")],
      service_areas: [{ id: id(32), name: "Alta Verapaz" }],
    },
  ],
};

// listed registers the agency at the desk, and hands its places in as a coordinator does.
async function listed(head, office, see) {
  await head.page.goto(`${office.base}/desk/do/registerAgency/-?back=%2Fdesk%2Fdirectory`);
  await see(head, "agency-register");
  await fill(head, { "/agency": "casa-amiga", "/country": "GT" });
  for (const service of ["safehouse_service", "psychosocial_service"]) await head.page.check(`[value="${service}"]`);
  await press(head, "main form button.main");
  await head.page.waitForSelector("[role=status]");
  const dir = await mkdtemp(join(tmpdir(), "sanad-places-"));
  try {
    await writeFile(join(dir, "places.json"), JSON.stringify(places));
    await office.imports(dir);
  } finally {
    await rm(dir, { recursive: true });
  }
}

// says is one count of the morning: from any page it takes two touches.
async function says(p, see) {
  await press(p, 'header a[href="/desk/free"]');
  await see(p, "free");
  await press(p, ".steps button.main");
  await p.page.waitForSelector("[role=status]");
  await see(p, "free-said");
  const less = await p.page.locator(".steps button").first().getAttribute("value");
  await press(p, ".steps button");
  if (!(await p.page.locator(".count").first().innerText()).includes(less)) throw new Error("one less is not one less");
  await p.page.locator("main summary").first().click();
  await p.page.locator("form.one input[name=available]").first().fill("99");
  await press(p, "form.one button");
  await p.page.waitForSelector("[role=alert]");
  await see(p, "free-refused");
}

// looks is how a caseworker finds a place, and reads it.
async function looks(p, office, see) {
  await press(p, 'header a[href="/desk/directory"]');
  await p.page.selectOption("[name=service]", "safehouse_service");
  await press(p, "main form button.main");
  await see(p, "directory-found");
  await press(p, `a[href="/desk/places/${refuge}"]`);
  await see(p, "place");
  await press(p, 'a[href="/desk/agencies/casa-amiga"]');
  await see(p, "agency");
  await p.page.goto(`${office.base}/desk/places/${id(30)}`);
  await see(p, "place-closed");
}

// closes stops new referrals to an agency, and lets it take them again.
async function closes(head, office, see) {
  await press(head, 'header a[href="/desk/directory"]');
  await see(head, "directory");
  await press(head, 'a[href="/desk/agencies/casa-amiga"]');
  await see(head, "agency-settings");
  await press(head, 'a[href*="/do/suspendAgency/"]');
  await see(head, "agency-suspend");
  await press(head, "main form button.main");
  await see(head, "agency-suspended");
  await press(head, 'a[href*="/do/registerAgency/"]');
  await see(head, "agency-again");
  await press(head, "main form button.main");
  await head.page.waitForSelector("[role=status]");
  await head.page.goto(`${office.base}/desk/do/setAgencyChannels/casa-amiga?back=%2Fdesk%2Fagencies%2Fcasa-amiga`);
  await see(head, "agency-channels");
}

// keeps is the register of who works at the refuge.
async function keeps(p, office, see) {
  for (const name of ["ana", "berta"]) {
    await p.page.goto(`${office.base}/desk/do/registerWorker/-?back=%2Fdesk%2Fworkers`);
    if (name === "ana") await see(p, "worker-register");
    await fill(p, { "/subject": name });
    await press(p, "main form button.main");
  }
  await press(p, "main .list a.card");
  await press(p, 'a[href*="/do/setWorkerAbsent/"]');
  await see(p, "worker-absent");
  await fill(p, { "/until": "2031-01-01T10:00", "/cover": "berta" });
  await press(p, "main form button.main");
  await see(p, "worker-away");
  await press(p, 'header a[href="/desk/workers"]');
  await see(p, "workers");
  await press(p, 'a[href="/desk/workers?left=true"]');
  await see(p, "workers-left");
}

export async function directory(window, office, see) {
  const head = await window(), refuges = await window(), desk = await window(), lead = await window();
  await byCode(head, office, "coordinator");
  await listed(head, office, see);
  await byCode(refuges, office, "shelter");
  await says(refuges, see);
  await byCode(desk, office, "caseworker");
  await looks(desk, office, see);
  await closes(head, office, see);
  await byCode(lead, office, "lead");
  await keeps(lead, office, see);
  for (const p of [head, refuges, desk, lead]) await p.context.close();
}
