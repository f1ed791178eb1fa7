// An office of its own: the real program on free ports, with its data in a directory that is
// removed afterwards. Whoever is needed at the desk gets a code of this office.
import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { publish } from "./bus.mjs";

const run = promisify(execFile);
const within = 120_000; // milliseconds, for a busy machine

export const seats = {
  caseworker: ["citizen-service-office", "caseworker"],
  supervisor: ["citizen-service-office", "supervisor"],
  lawyer: ["legal-aid-clinic", "lawyer", "focal_point"],
  keeper: ["counselling-centre", "supervisor"],
  counsellor: ["counselling-centre", "counsellor", "focal_point"],
  examiner: ["forensic-clinic", "examiner", "focal_point"],
  clinic: ["forensic-clinic", "supervisor"],
  coordinator: ["network-coordination", "coordinator"],
  second: ["regional-coordination", "coordinator"],
  shelter: ["casa-amiga", "focal_point"],
  lead: ["casa-amiga", "supervisor"],
  operator: ["network-coordination", "operator"],
  registrar: ["east-court", "court_registrar"],
  usher: ["east-court", "usher"],
  security: ["east-court", "court_security"],
  officer: ["legal-aid-clinic", "conflicts_officer"],
  manager: ["trust-fund-secretariat", "fund_manager"],
  treasurer: ["trust-fund-secretariat", "supervisor", "fund_manager"],
  applicant: ["casa-lirio", "fund_applicant"],
  assessor: ["university", "fund_assessor"],
  assessor2: ["institute", "fund_assessor"],
  ...Object.fromEntries([1, 2, 3, 4, 5].map((seat) => [`trustee${seat}`, [`board-${seat}`, "trustee"]])),
};
// coordinates is what a coordinator's place says more.
const coordinates = ["--country", "GT", "--programme", "guatemala"];

export async function open(program) {
  const dir = await mkdtemp(join(tmpdir(), "sanad-pages-"));
  const env = { ...process.env, SANAD_MODE: "training", SANAD_TRUST_FUND: "true", SANAD_DATA: join(dir, "var"), SANAD_KEYS: join(dir, "keys") };
  for (const name of ["HTTP", "ADMIN", "NATS"]) env[`SANAD_${name}_ADDR`] = "127.0.0.1:0";
  const office = spawn(program, ["-journey", "none"], { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => office.once("exit", resolve));
  let said = "";
  office.stderr.on("data", (d) => { said = (said + d).slice(-4000); });

  const links = {};
  let base = "", bus = "";
  const ready = new Promise((resolve) => {
    createInterface({ input: office.stdout }).on("line", (line) => {
      base ||= line.match(/^desk\s+(\S+)\/desk\/$/)?.[1] ?? "";
      bus ||= line.match(/^NATS\s+(nats:\S+)$/)?.[1] ?? "";
      const link = line.match(/^(\S+) at \S+\s+(\S+\/desk\/sign-in#\S+)$/);
      if (link) links[link[1]] = link[2];
      if (line.startsWith("Ctrl-C")) resolve();
    });
  });
  const late = new Promise((_, refuse) => setTimeout(refuse, within, new Error("the office does not open")).unref());
  const fell = ended.then((code) => { throw new Error(`the office ended (${code})\n${said}`); });
  const close = async () => {
    office.kill("SIGINT");
    await ended;
    await rm(dir, { recursive: true });
  };
  try {
    await Promise.race([ready, fell, late]);
  } catch (err) {
    office.kill("SIGKILL");
    throw err;
  }
  fell.catch(() => {}); // from here on the pages say that it fell

  const made = async (what, who) => {
    const [agency, ...roles] = seats[who];
    const place = ["--agency", agency, ...roles.flatMap((r) => ["--role", r]), ...(roles.includes("coordinator") ? coordinates : [])];
    const { stdout } = await run(program, [what, ...place], { env });
    return stdout.trim();
  };
  const code = (who) => made("signin", who);
  // imports hands a file of the directory in, as a coordinator.
  const imports = async (file) => run(program, ["directory", "import", "-api", base, file], { env: { ...env, SANAD_TOKEN: await made("token", "coordinator") } });
  // call sends a command as one of the people here, and gives its answer.
  const call = async (who, path, body) => {
    const answer = await fetch(base + path, {
      method: "POST", body: JSON.stringify(body),
      headers: { Authorization: `Bearer ${await made("token", who)}`, "Content-Type": "application/json", "Idempotency-Key": randomUUID() },
    });
    if (!answer.ok) throw new Error(`${who}, ${path.replace(/[a-z]+_[0-9a-z]+/g, "ID")}: ${answer.status}`);
    return answer.json();
  };
  // read is what one of the people here is shown.
  const read = async (who, path) => {
    const answer = await fetch(base + path, { headers: { Authorization: `Bearer ${await made("token", who)}` } });
    if (!answer.ok) throw new Error(`${who}, ${path.replace(/[a-z]+_[0-9a-z]+/g, "ID")}: ${answer.status}`);
    return answer.json();
  };
  // until is call, again while what it is about has not arrived.
  const until = async (who, path, body) => {
    for (const from = Date.now(); ; await new Promise((next) => setTimeout(next, 200))) {
      try {
        return await call(who, path, body);
      } catch (err) {
        if (Date.now() - from > within / 4) throw err;
      }
    }
  };
  // registers puts a person on the register of their agency, and gives who they are there.
  const registers = async (who) => {
    const [agency, role] = seats[who], subject = `${role}@${agency}`;
    const { worker } = await call(who, "/v1/workers", { agency, subject });
    return { agency, subject, worker };
  };
  // breaks has the room of referrals refuse a message for good.
  const breaks = () => publish(bus, join(dir, "keys", "bus", "intake.seed"), "sanad.events.intake.service_requested.case_01jrd2k9m4qf8w1x5c3b6h0tz7", "no event");
  return { base, links, code, call, read, until, registers, imports, breaks, close };
}
