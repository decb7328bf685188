// On a narrow screen the results come first: fold the filters. Without this script they stay open above the list.
(function () {
  var filters = document.getElementById("filters");
  if (filters && window.matchMedia("(max-width: 63.99em)").matches) {
    filters.open = false;
  }
})();
