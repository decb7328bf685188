// After a notice was marked as read its button is gone: the keyboard stays at that notice, or at the count above the
// list where the notice left it (only unread ones shown).
(function () {
  var held = "";

  document.addEventListener("htmx:before:swap", function () {
    var item = document.activeElement && document.activeElement.closest("#notices .notice-item");
    held = item ? item.id : document.activeElement && document.activeElement.closest("#notices .list-head") ? "count" : "";
  });

  document.addEventListener("htmx:after:swap", function () {
    if (!held || document.activeElement !== document.body) { return; }
    var place = (held !== "count" && document.getElementById(held)) || document.querySelector("#notices .list-count");
    held = "";
    if (place) {
      place.setAttribute("tabindex", "-1");
      place.focus({ preventScroll: true });
    }
  });
})();
