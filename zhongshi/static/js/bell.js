// The bell on wide screens: the link becomes a button that opens a panel below it. Escape, a click elsewhere and
// leaving it by keyboard close the panel. On phones, and without this script, the link leads to the page.
(function () {
  var WIDE = "(min-width: 48em)";
  var bell = document.querySelector("[data-bell]");
  if (!bell || !window.matchMedia || !window.htmx) { return; }
  var link = bell.querySelector("a");
  var panel = document.getElementById("bell-panel");
  var wide = window.matchMedia(WIDE);

  function dress() {
    if (wide.matches) {
      link.setAttribute("role", "button");
      link.setAttribute("aria-controls", panel.id);
      link.setAttribute("aria-expanded", String(!panel.hidden));
    } else {
      close(false);
      ["role", "aria-controls", "aria-expanded"].forEach(function (name) { link.removeAttribute(name); });
    }
  }

  function open() {
    panel.hidden = false;
    link.setAttribute("aria-expanded", "true");
    panel.dispatchEvent(new CustomEvent("bell-open"));
  }

  function close(back) {
    if (panel.hidden) { return; }
    panel.hidden = true;
    link.setAttribute("aria-expanded", "false");
    if (back) { link.focus(); }
  }

  link.addEventListener("click", function (event) {
    if (!wide.matches || event.metaKey || event.ctrlKey || event.shiftKey || event.button) { return; }
    event.preventDefault();
    if (panel.hidden) { open(); } else { close(false); }
  });

  link.addEventListener("keydown", function (event) {
    // What is called a button answers to the space bar too.
    if (event.key === " " && wide.matches) {
      event.preventDefault();
      link.click();
    }
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") { close(bell.contains(document.activeElement)); }
  });

  document.addEventListener("click", function (event) {
    if (!bell.contains(event.target)) { close(false); }
  });

  bell.addEventListener("focusout", function (event) {
    if (event.relatedTarget && !bell.contains(event.relatedTarget)) { close(false); }
  });

  if (wide.addEventListener) { wide.addEventListener("change", dress); } else { wide.addListener(dress); }
  dress();
})();
