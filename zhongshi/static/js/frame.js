// The frame after a part of the page was swapped: its links and forms follow the address that stands in the bar now.
(function () {
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[data-language]");
    if (link) {
      var query = new URLSearchParams(window.location.search);
      query.set("lang", link.dataset.language);
      link.search = "?" + query.toString();
    }
    // A menu of the header closes when one goes on elsewhere.
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      if (!menu.contains(event.target)) { menu.open = false; }
    });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") { return; }
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  // Safari before 15.4 does not say which button sent a form.
  if (!window.SubmitEvent || !("submitter" in window.SubmitEvent.prototype)) {
    var pressed = null;
    document.addEventListener("click", function (event) {
      pressed = event.target.closest && event.target.closest("button, input[type=submit]");
    }, true);
    Object.defineProperty(Event.prototype, "submitter", {
      configurable: true,
      get: function () { return this.type === "submit" && pressed && pressed.form === this.target ? pressed : null; }
    });
  }

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  document.addEventListener("submit", function (event) {
    var next = event.target.querySelector("input[data-address]");
    if (next) {
      var query = new URLSearchParams(window.location.search);
      query.delete("lang");
      next.value = window.location.pathname + (query.toString() ? "?" + query.toString() : "");
    }
  }, true);
})();
