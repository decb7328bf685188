// Adds up the amounts of a form while they are typed. The server adds them up again.
(function () {
  "use strict";
  function show(form) {
    form.querySelectorAll("[data-sum]").forEach(function (output) {
      var amounts = Array.from(form.querySelectorAll('[data-addend="' + output.dataset.sum + '"]'))
        .map(function (field) { return field.value.trim(); })
        .filter(function (text) { return text !== "" && isFinite(Number(text)); })
        .map(Number);
      var sum = amounts.reduce(function (total, amount) { return total + amount; }, 0);
      output.textContent = amounts.length ? sum.toLocaleString("en", { maximumFractionDigits: 2 }) : "—";
    });
  }
  function showAll() {
    document.querySelectorAll("form").forEach(show);
  }
  document.addEventListener("input", function (event) {
    if (event.target.form) { show(event.target.form); }
  });
  document.addEventListener("htmx:after:swap", showAll);
  showAll();
})();
