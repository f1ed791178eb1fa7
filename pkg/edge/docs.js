// Shows the contract that the page names. Everything of Scalar that asks another
// host is off; the policy of the page would refuse it as well. A token that is
// typed in stays in the memory of the page.
const place = document.getElementById("reference");
Scalar.createApiReference(place, {
  url: place.dataset.contract,
  agent: { disabled: true },
  mcp: { disabled: true },
  telemetry: false,
  withDefaultFonts: false,
  persistAuth: false,
  hideClientButton: true,
  hideTestRequestButton: place.dataset.here !== "true",
  showDeveloperTools: "never",
  // A command needs a key of its own. Who tries one out need not make it.
  onBeforeRequest: ({ requestBuilder }) => {
    if (requestBuilder.method.toUpperCase() !== "GET" && !requestBuilder.headers.get("Idempotency-Key")) {
      requestBuilder.headers.set("Idempotency-Key", crypto.randomUUID());
    }
  },
  // The first page links to these anchors.
  generateTagSlug: (tag) => tag.name,
  generateOperationSlug: (operation) => operation.operationId,
});
