// What just happened, said once and politely: a view that answers htmx names it in the header
// HX-Trigger: {"toast": "Saved."}. Without this script the page's own messages say it.
// Errors that are no part of the page are not put into it (noSwap in base.html): they would take what was typed with them.
(function () {
  var STAYS_FOR = 8000;

  function show(words) {
    var place = document.getElementById("toasts");
    if (!place || !words) {
      return;
    }
    var toast = document.createElement("div");
    var text = document.createElement("span");
    var close = document.createElement("button");
    toast.className = "toast";
    text.textContent = words;
    close.type = "button";
    close.textContent = "×";
    close.setAttribute("aria-label", place.dataset.close);
    close.addEventListener("click", function () { toast.remove(); });
    toast.append(text, close);
    place.textContent = "";
    place.append(toast);
    window.setTimeout(function () { toast.remove(); }, STAYS_FOR);
  }

  function showFailed(ctx) {
    // A part that looks again by itself (hx-trigger="every …") does so now too; nobody asked it for anything.
    var trigger = ctx && ctx.sourceElement.getAttribute("hx-trigger");
    if (!/^every /.test(trigger || "")) {
      show(document.getElementById("toasts").dataset.failed);
    }
  }

  document.addEventListener("htmx:response:error", function (event) {
    var status = event.detail.ctx.response.status;
    if (status === 403 || status === 404 || status === 429 || status >= 500) {
      showFailed(event.detail.ctx);
    }
  });

  document.addEventListener("htmx:before:request", function (event) {
    event.detail.ctx.begun = Date.now();
  });

  document.addEventListener("htmx:error", function (event) {
    // htmx gives a question up by the same error whether a newer one has overtaken it, which is no failure, or nobody
    // answered it in time.
    var ctx = event.detail.ctx;
    var error = event.detail.error;
    var isEarly = Date.now() - ctx.begun < window.htmx.config.defaultTimeout - 1000;
    if (error && !(error.name === "AbortError" && isEarly)) {
      showFailed(ctx);
    }
  });

  document.addEventListener("toast", function (event) {
    show(typeof event.detail === "string" ? event.detail : event.detail && event.detail.value);
  });
})();
