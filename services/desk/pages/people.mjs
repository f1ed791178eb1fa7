// People at browsers. Each has a window of their own, signs in, and does what a hand does.
// What they touch is found by its place in the forms, so that one morning is played in every
// language.

// person opens a window: its language, width, and whether scripts run.
export async function person(browser, judge, { language = "en", width = 1280, height = 800, scripts = true } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, locale: language, javaScriptEnabled: scripts, timezoneId: "America/Guatemala", reducedMotion: "reduce",
  });
  await judge.listen(context);
  const page = await context.newPage();
  return { context, page, language, width, scripts };
}

// byLink opens a sign-in link, as the office printed it.
export async function byLink(p, link) {
  await p.page.goto(link);
  await p.page.waitForURL("**/desk/");
}

// byCode types a code.
export async function byCode(p, office, who, start = "/desk/") {
  await p.page.goto(office.base + "/desk/sign-in");
  await p.page.fill("#code", await office.code(who));
  await press(p, "form[data-code] button");
  await on(p, start);
}

// on goes on after a code was taken: by itself with scripts, by a link without.
export async function on(p, start = "/desk/") {
  if (!p.scripts) await press(p, "#continue");
  await p.page.waitForURL("**" + start);
}

// press touches one thing, and waits for the page that it leads to.
export async function press(p, selector) {
  const one = p.page.locator(selector).first();
  try {
    await Promise.all([p.page.waitForEvent("domcontentloaded", { timeout: 20_000 }), one.click({ timeout: 20_000 })]);
  } catch (err) {
    throw new Error(`${selector} leads nowhere from "${await p.page.locator("h1").first().innerText()}": ${err.message.split("\n")[0]}`);
  }
  await p.page.waitForLoadState();
}

// fill gives fields their values: text, a choice, or true for a tick.
export async function fill(p, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const field = p.page.locator(`[name="${name}"]${value === true ? "" : ":not([type=hidden])"}`).first();
    if (value === true) await field.check();
    else if (await field.evaluate((e) => e.tagName) === "SELECT") await field.selectOption(value);
    else await field.fill(value);
  }
}

// within looks again until a thing is there: the rooms of a network hear of each other a
// moment later.
export async function appears(p, path, selector) {
  for (const end = Date.now() + 60_000; ;) {
    await p.page.goto(path);
    if (await p.page.locator(selector).count()) return;
    if (Date.now() > end) throw new Error(`${selector} does not appear on ${path.replace(/[a-z]+_[0-9a-z]+/g, "ID")}`);
    await p.page.waitForTimeout(250);
  }
}

// reach moves to a thing with the keyboard alone. Wherever the keyboard is, it can be seen.
export async function reach(p, selector) {
  for (let step = 0; step < 80; step++) {
    await p.page.keyboard.press("Tab");
    const at = await p.page.evaluate((selector) => {
      const e = document.activeElement;
      const style = getComputedStyle(e), box = e.getBoundingClientRect();
      return {
        here: e.matches(selector), what: e.tagName + (e.id && "#" + e.id),
        seen: e === document.body || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 &&
          box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth),
      };
    }, selector);
    if (!at.seen) throw new Error(`nobody sees that the keyboard is at ${at.what}`);
    if (at.here) return;
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

// enter reaches a thing with the keyboard, and presses Enter on it.
export async function enter(p, selector) {
  await reach(p, selector);
  await Promise.all([p.page.waitForEvent("domcontentloaded"), p.page.keyboard.press("Enter")]);
  await p.page.waitForLoadState();
}
