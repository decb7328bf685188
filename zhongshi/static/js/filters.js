// The search page: filters act at once; on a narrow screen they are a sheet over the list.
(function () {
  var narrow = window.matchMedia("(max-width: 63.99em)");
  var root = document.documentElement;

  function sheet() { return document.getElementById("filters"); }

  function fold() {
    sheet().open = !narrow.matches;
  }

  if (!sheet()) { return; }
  // The buttons that send the form are for browsers without scripts.
  root.classList.add("acts-at-once");
  fold();
  if (narrow.addEventListener) { narrow.addEventListener("change", fold); }

  document.addEventListener("click", function (event) {
    var close = event.target.closest && event.target.closest("[data-close='filters']");
    if (close && narrow.matches) {
      event.preventDefault();
      sheet().open = false;
      document.getElementById("results").scrollIntoView();
    }
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && narrow.matches && sheet().open) {
      sheet().open = false;
      document.getElementById("filters-summary").focus();
    }
  });

  // Whoever goes on with the Tab key leaves the sheet, not the keyboard, behind.
  document.addEventListener("focusin", function (event) {
    if (narrow.matches && sheet().open && !sheet().contains(event.target)) { sheet().open = false; }
  });

  document.addEventListener("htmx:before:request", function () {
    document.getElementById("browse").setAttribute("aria-busy", "true");
  });

  document.addEventListener("htmx:finally:request", function () {
    document.getElementById("browse").removeAttribute("aria-busy");
  });

  // A swap sets what a fresh page would have ticked; what was touched before must be told.
  document.addEventListener("htmx:after:swap", function () {
    document.querySelectorAll("#browse input[type=checkbox], #browse input[type=radio]").forEach(function (input) {
      input.checked = input.hasAttribute("checked");
    });
    document.querySelectorAll("#browse option").forEach(function (option) {
      if (option.hasAttribute("selected")) { option.selected = true; }
    });
    var words = document.getElementById("q");
    var asked = new URLSearchParams(window.location.search).get("q") || "";
    if (words && document.activeElement !== words) { words.value = asked; }
  });
})();
