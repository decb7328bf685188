// After the tray was swapped, every compare button of the page says whether its service is in it.
(function () {
  document.addEventListener("htmx:after:swap", function () {
    var tray = document.getElementById("tray");
    if (!tray) { return; }
    var ids = tray.dataset.ids.split(" ");
    document.querySelectorAll("[data-compare]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(ids.indexOf(button.dataset.compare) !== -1));
    });
  });
})();
