// People at browsers. Each has a window of their own, signs in, and does what a hand does.
// What they touch is found by its place in the forms, so that one morning is played in every
// language.

// person opens a window: its language, width, whether scripts run, and whether its person has
// keys alone.
export async function person(browser, judge, { language = "en", width = 1280, height = 800, scripts = true, keys = false } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, locale: language, javaScriptEnabled: scripts, timezoneId: "America/Guatemala", reducedMotion: "reduce",
  });
  await judge.listen(context);
  const page = await context.newPage();
  return { context, page, language, width, scripts, keys };
}

// byLink opens a sign-in link, as the office printed it.
export async function byLink(p, link) {
  await p.page.goto(link);
  await p.page.waitForURL("**/desk/");
}

// byCode types a code.
export async function byCode(p, office, who, start = "/desk/") {
  await p.page.goto(office.base + "/desk/sign-in");
  const code = await office.code(who);
  if (p.keys) {
    await reach(p, "#code");
    await p.page.keyboard.type(code);
  } else {
    await p.page.fill("#code", code);
  }
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
  if (p.keys) return enter(p, selector);
  const one = p.page.locator(selector).first();
  try {
    await Promise.all([p.page.waitForEvent("domcontentloaded", { timeout: 20_000 }), one.click({ timeout: 20_000 })]);
  } catch (err) {
    throw new Error(`${selector} leads nowhere from "${await p.page.locator("h1").first().innerText()}": ${err.message.split("\n")[0]}`);
  }
  await p.page.waitForLoadState();
}

// unfold opens what is folded.
export async function unfold(p, selector) {
  if (!p.keys) return p.page.locator(selector).first().click();
  await reach(p, selector);
  await p.page.keyboard.press("Enter");
}

// tick ticks a box, if it is not ticked.
export async function tick(p, selector) {
  const box = p.page.locator(selector).first();
  if (!p.keys) return box.check();
  if (await box.isChecked()) return;
  await reach(p, selector);
  await p.page.keyboard.press("Space");
  if (!await box.isChecked()) throw new Error(`the keyboard does not tick ${selector}`);
}

// typed gives a field its value with keys: a choice by the arrows, as it is made without a mouse.
async function typed(p, selector, field, value) {
  await reach(p, selector);
  const { keyboard } = p.page;
  if (await field.evaluate((e) => e.tagName) === "SELECT") {
    const to = await field.evaluate((e, value) => [...e.options].findIndex((o) => o.value === value) - e.selectedIndex, value);
    for (let i = 0; i < Math.abs(to); i++) await keyboard.press(to > 0 ? "ArrowDown" : "ArrowUp");
  } else {
    await keyboard.press("Control+a");
    await keyboard.type(value);
  }
  if (await field.inputValue() !== value) throw new Error(`the keyboard does not fill ${selector}`);
}

// fill gives fields their values: text, a choice, or true for a tick.
export async function fill(p, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const selector = `[name="${name}"]${value === true ? "" : ":not([type=hidden])"}`;
    if (value === true) {
      await tick(p, selector);
      continue;
    }
    if (p.keys) {
      await typed(p, selector, p.page.locator(selector).first(), value);
      continue;
    }
    const field = p.page.locator(selector).first();
    if (await field.evaluate((e) => e.tagName) === "SELECT") await field.selectOption(value);
    else await field.fill(value);
  }
}

// appears looks again until a thing is there: the rooms of a network hear of each other a
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
  for (let step = 0; step < 200; step++) {
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
