// Recomputes storage and money for other loads and prices. Without it the page shows those that it was made with.
(() => {
  "use strict";
  const form = document.getElementById("calculator");
  if (!form) return;
  const gigabyte = 1e9, thousand = 1000, daysOfMonth = 30;
  const input = name => Math.max(0, form.elements[name].valueAsNumber || 0);
  const base = name => Number(form.dataset[name]);
  const bytes = n => n < 1e3 ? `${n.toFixed(0)} B` : n < 1e6 ? `${(n / 1e3).toFixed(1)} kB` : n < 1e9 ? `${(n / 1e6).toFixed(1)} MB` : `${(n / 1e9).toFixed(2)} GB`;
  const money = n => n.toFixed(n < 1 ? 4 : 2);
  const show = (name, value, text) => {
    const data = document.createElement("data");
    data.value = String(value);
    data.textContent = text;
    form.elements[name].replaceChildren(data);
  };

  form.addEventListener("input", () => {
    for (const party of ["client", "server"]) {
      const day = Math.trunc(base(`${party}Storage`) * input("requests"));
      show(`${party}-day`, day, bytes(day));
    }

    const costs = {
      traffic: thousand * base("serverBytes") / gigabyte * input("egress"),
      computing: thousand * base("coreSeconds") / 3600 * input("core"),
      keeping: thousand * base("serverStorage") / gigabyte * input("storage") / daysOfMonth,
    };
    costs.together = costs.traffic + costs.computing + costs.keeping;
    for (const [name, value] of Object.entries(costs)) show(name, value, money(value));
  });
  form.addEventListener("submit", event => event.preventDefault());
})();
