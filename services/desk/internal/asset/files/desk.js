// What the desk needs of a browser beside forms and links. Every page works without it,
// but for what is live.
"use strict";
(() => {
  const signedIn = document.body.dataset.signedIn === "true";
  const tabs = "BroadcastChannel" in window ? new BroadcastChannel("sanad") : null;

  // Nothing of the page is left in the tab; what the server keeps ends with a request.
  const blank = (path) => {
    document.documentElement.replaceChildren();
    window.location.replace(path);
  };
  const hide = () => {
    fetch("/desk/lock", { method: "POST", keepalive: true }).catch(() => {});
    blank("/desk/locked");
  };
  if (tabs) tabs.onmessage = () => blank("/desk/locked");

  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape" || !signedIn) return;
    e.preventDefault();
    if (tabs) tabs.postMessage("hide");
    hide();
  });
  document.getElementById("hide")?.addEventListener("click", (e) => {
    e.preventDefault();
    if (tabs) tabs.postMessage("hide");
    hide();
  });
  document.getElementById("leave")?.addEventListener("click", () => {
    if (tabs) tabs.postMessage("leave");
  });

  // Going back to a page that the browser had put aside shows nothing old.
  window.addEventListener("pageshow", (e) => {
    if (e.persisted) window.location.reload();
  });

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
