// <form data-confirm="Withdraw the need?"> asks before it is sent. Browsers without <dialog> ask in their own way.
(function () {
  function button(words, css, value) {
    var made = document.createElement("button");
    made.className = css;
    made.value = value;
    made.textContent = words;
    return made;
  }

  function ask(form, submitter) {
    var place = document.getElementById("toasts");
    var dialog = document.createElement("dialog");
    var inner = document.createElement("form");
    var words = document.createElement("p");
    var actions = document.createElement("div");
    dialog.className = "dialog";
    dialog.setAttribute("aria-labelledby", "dialog-words");
    inner.method = "dialog";
    words.id = "dialog-words";
    words.textContent = form.dataset.confirm;
    actions.className = "actions";
    actions.append(
      button(submitter ? submitter.textContent.trim() : place.dataset.ok, "button button-primary", "yes"),
      button(place.dataset.cancel, "button button-quiet", "")
    );
    inner.append(words, actions);
    dialog.append(inner);
    document.body.append(dialog);
    dialog.addEventListener("close", function () {
      dialog.remove();
      if (dialog.returnValue === "yes") {
        form.dataset.confirmed = "yes";
        // With its button, whose name and value belong to what is sent.
        if (form.requestSubmit) { form.requestSubmit(submitter); } else if (submitter) { submitter.click(); }
      } else if (submitter) {
        submitter.focus();
      }
    });
    dialog.showModal();
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!form.dataset.confirm || form.dataset.confirmed) {
      delete form.dataset.confirmed;
      return;
    }
    if (typeof window.HTMLDialogElement !== "function" || !document.body.append) {
      if (window.confirm(form.dataset.confirm)) { return; }
    } else {
      ask(form, event.submitter || null);
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
})();
