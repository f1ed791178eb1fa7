// What the desk needs of a browser beside forms and links. Every page works without it,
// but for what is live.
"use strict";
(() => {
  const signedIn = document.body.dataset.signedIn === "true";
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("sanad") : null;
  const post = (path) => fetch(path, { method: "POST", keepalive: true, redirect: "manual" }).catch(() => {});

  // Nothing of the page is left in the tab, and its entry in the history is replaced. The
  // server is told first: the next page must not find the session as it was.
  let gone = false;
  const blank = (path, told) => {
    if (gone) return;
    gone = true;
    document.documentElement.replaceChildren();
    const go = () => window.location.replace(path);
    (told || Promise.resolve()).finally(go);
    if (told) window.setTimeout(go, 1500);
  };
  const hide = () => blank("/desk/locked", post("/desk/lock"));
  const leave = () => blank("/desk/left", post("/desk/leave"));
  const everywhere = (word) => tabs && tabs.postMessage(word);

  // One key hides all windows of this browser; so does the button, and so does leaving.
  if (signedIn) {
    document.addEventListener("keydown", (e) => {
      if (e.key !== "Escape") return;
      e.preventDefault();
      everywhere("hide");
      hide();
    }, true);
  }
  for (const [id, act] of [["hide", hide], ["leave", leave]]) {
    document.getElementById(id)?.addEventListener("click", (e) => {
      e.preventDefault();
      everywhere(id);
      act();
    });
  }

  // A page that nobody touches hides itself. What a person types is told to the server, at
  // most once a minute, or the session would end under their hands.
  const idle = Number(document.body.dataset.idle) * 1000;
  let used = Date.now(), said = used;
  const use = () => {
    used = Date.now();
    if (used - said < 60000 && used - said < idle / 4) return;
    said = used;
    // Who left everywhere left here, too: a touch does not keep this page.
    post("/desk/here").then((r) => r && r.status === 205 && blank("/desk/locked"));
    everywhere("here");
  };
  const untouched = () => {
    if (Date.now() - used >= idle) blank("/desk/locked");
  };
  if (signedIn && idle > 0) {
    for (const what of ["pointerdown", "keydown", "input", "wheel", "touchstart"]) {
      window.addEventListener(what, use, { capture: true, passive: true });
    }
    window.setInterval(untouched, Math.min(5000, idle / 4));
    // The Refresh of the page counts from when it was loaded. Where somebody types, it would
    // take the text away: from then on the count above holds alone, which begins at each key.
    document.addEventListener("input", (e) => {
      if (!e.target.closest("main form")) return;
      window.stop();
      deaf();
      listen();
    }, { once: true });
  }

  // What an agency may know of her stands for a short time only, is in no page that the
  // browser puts aside, and leaves by the clipboard after a warning.
  const packet = document.querySelector("[data-hides]");
  if (packet) {
    const until = Date.now() + Number(packet.dataset.hides) * 1000;
    window.setInterval(() => Date.now() >= until && blank(packet.dataset.back), 1000);
    window.addEventListener("pagehide", () => document.documentElement.replaceChildren());
    for (const what of ["copy", "cut"]) {
      document.addEventListener(what, (e) => window.confirm(packet.dataset.copyWarning) || e.preventDefault());
    }
    packet.addEventListener("dragstart", (e) => e.preventDefault());
  }

  // Her no, and the end of contact, take off the page what may not stand there any more, also
  // where nothing rings. Where nobody can tell, a packet is hidden; the desk's own case stays.
  const standing = document.querySelector("[data-still]");
  if (standing) {
    const still = () => fetch(standing.dataset.still).then((r) => r.status, () => 0).then((status) => {
      if (status === 205 || packet && status !== 204) blank(standing.dataset.back);
    });
    window.setInterval(still, Number(standing.dataset.looks) * 1000);
    document.body.addEventListener("sanad:ring", still);
  }

  // The stream says when to look again. Of all windows of a browser one has it, and tells
  // the others; one that nobody sees has none.
  const live = document.getElementById("live") || standing;
  const look = () => document.body?.dispatchEvent(new CustomEvent("sanad:ring")); // a blanked page has none
  let stream = null;
  const deaf = () => {
    if (stream) stream.close();
    stream = null;
  };
  const listen = () => {
    if (!signedIn || !live || stream || gone || document.hidden || !("EventSource" in window)) return;
    stream = new EventSource("/desk/live");
    stream.addEventListener("ring", () => {
      everywhere("ring");
      look();
    });
    stream.addEventListener("elsewhere", deaf);
    stream.addEventListener("over", () => blank("/desk/locked"));
    stream.addEventListener("error", () => {
      if (!stream || stream.readyState !== EventSource.CLOSED) return;
      deaf();
      window.setTimeout(listen, 30000);
    });
  };
  listen();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      deaf();
    } else {
      if (signedIn) untouched();
      listen();
      if (live) look();
    }
  });

  if (tabs) {
    tabs.onmessage = (e) => {
      if (!signedIn) return;
      if (e.data === "ring" && live) look();
      else if (e.data === "here") used = said = Date.now();
      else if (e.data === "hide") hide();
      else if (e.data === "leave") leave();
    };
  }

  // Going back to a page that the browser had put aside shows nothing old.
  window.addEventListener("pageshow", (e) => {
    if (e.persisted) window.location.reload();
  });
  window.addEventListener("pagehide", deaf);

  // The zone of the person, for those who have not chosen one.
  for (const input of document.querySelectorAll("[data-zone]")) {
    if (!input.value || input.value === "UTC") input.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
  }
  for (const select of document.querySelectorAll(".language select")) {
    select.addEventListener("change", () => select.form.requestSubmit());
  }

  // The sheet prints by its own button, which is of use only here.
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // A code that stands behind # was sent to no server and stands in no log.
  const form = document.querySelector("form[data-code]");
  if (form && window.location.hash.length > 1) {
    form.elements.namedItem("code").value = window.location.hash.slice(1);
    window.history.replaceState(null, "", window.location.pathname);
    form.requestSubmit();
  }
  const next = document.getElementById("continue");
  if (next) window.location.replace(next.href);
  document.querySelector("[role=alert]")?.focus();
})();
