/* Asialla's script. Every page is complete without it; it only adds comfort. What it reads from the page:
 *
 *   .errors                       takes focus when the page has loaded
 *   form[method=post]             is sent once, however often it is pressed
 *   [data-needs-js][hidden]       is shown
 *   button[data-print]            prints the page; whatever is folded is unfolded on paper
 *   details.menu                  closes on Escape and on a click elsewhere
 *   [data-show-when="any C C"]    shows only while any (or "all") of the conditions hold: NAME=VALUE, NAME!=VALUE, NAME?
 *                                 (answered), NAME! (not answered); else is hidden and not sent
 *   [data-when=NAME]              shows only while the field NAME has the value data-is; else is hidden and not sent
 *   #id[data-live=URL]            follows the event stream URL; at each event the same page is fetched again and the
 *                                 content of #id is swapped, focus and opened details kept
 *   #id[data-live-text]           its text follows at the same time (role=status says it aloud when it has changed)
 */
(function () {
  "use strict";

  var all = function (selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  };

  all("[data-needs-js]").forEach(function (el) { el.hidden = false; });

  var errors = document.querySelector(".errors");
  if (errors) errors.focus();

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
    all("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("keydown", function (event) {
    var menu = event.key === "Escape" && event.target.closest("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  window.addEventListener("beforeprint", function () {
    all("details.fold:not(.no-print)").forEach(function (fold) { fold.open = true; });
  });

  /* Sending once. A page that comes back from the browser's history may be sent again. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    all("button", form).forEach(function (button) { button.classList.add("is-sent"); });
  });
  window.addEventListener("pageshow", function () {
    all("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
      all(".is-sent", form).forEach(function (button) { button.classList.remove("is-sent"); });
    });
  });

  /* Questions that another answer turns on. */
  function ask(part) {
    var form = part.closest("form");
    var on = all("[name]", form).some(function (field) {
      if (field.name !== part.dataset.when) return false;
      if ((field.type === "radio" || field.type === "checkbox") && !field.checked) return false;
      return field.value === part.dataset.is;
    });
    show(part, on);
  }
  function show(part, on) {
    part.hidden = !on;
    if (part.tagName === "FIELDSET") part.disabled = !on;
    else all("input, select, textarea", part).forEach(function (field) { field.disabled = !on; });
  }
  /* The parts are gone through in the order of the page: what an outer part hides does not count for an inner one. */
  function holds(form, condition) {
    var c = /^([^=!?]+)(=|!=|\?|!)(.*)$/.exec(condition);
    if (!c) return true;
    var values = all("[name]", form).filter(function (field) {
      var choice = field.type === "radio" || field.type === "checkbox";
      return field.name === c[1] && !field.disabled && field.value.trim() !== "" && (!choice || field.checked);
    }).map(function (field) { return field.value; });
    if (c[2] === "?" || c[2] === "!") return (values.length > 0) === (c[2] === "?");
    return (values.indexOf(c[3]) >= 0) === (c[2] === "=");
  }
  function weigh(part) {
    var conditions = part.dataset.showWhen.split(" "), any = conditions.shift() === "any";
    var form = part.closest("form");
    show(part, conditions[any ? "some" : "every"](function (c) { return holds(form, c); }));
  }
  all("[data-when]").forEach(ask);
  all("form [data-show-when]").forEach(weigh);
  document.addEventListener("input", function (event) {
    if (!event.target.form) return;
    all("[data-when]", event.target.form).forEach(ask);
    all("[data-show-when]", event.target.form).forEach(weigh);
  });

  /* Live parts. Events of one burst make one fetch, spread over a second so that a full team does not ask at once. */
  function place(root) {
    var el = document.activeElement;
    if (!root.contains(el)) return null;
    if (el.id) return "#" + CSS.escape(el.id);
    var href = el.getAttribute("href");
    return href ? 'a[href="' + CSS.escape(href) + '"]' : null;
  }

  function writing(root) {
    return all("input, textarea, select", root).some(function (field) {
      return field === document.activeElement || field.value !== field.defaultValue && field.tagName !== "SELECT";
    });
  }

  function swap(root, fresh) {
    var focus = place(root);
    var opened = all("details[open][id]", root).map(function (el) { return el.id; });
    root.replaceChildren.apply(root, Array.prototype.slice.call(fresh.childNodes));
    opened.forEach(function (id) {
      var el = document.getElementById(id);
      if (el) el.open = true;
    });
    var el = focus && root.querySelector(focus);
    if (el) el.focus({ preventScroll: true });
  }

  function follow(root) {
    var stream = new EventSource(root.dataset.live), timer = 0, stale = false;
    function refresh() {
      timer = 0;
      if (document.hidden || writing(root)) { stale = true; return; }
      stale = false;
      fetch(location.href, { credentials: "same-origin" }).then(function (answer) {
        if (!answer.ok || answer.redirected) { stream.close(); return ""; }
        return answer.text();
      }).then(function (text) {
        var page = text && new DOMParser().parseFromString(text, "text/html");
        var fresh = page && page.getElementById(root.id);
        if (!fresh) return;
        swap(root, fresh);
        all("[data-live-text]").forEach(function (el) {
          var next = page.getElementById(el.id);
          if (next && next.textContent !== el.textContent) el.textContent = next.textContent;
        });
      }).catch(function () { stale = true; });
    }
    function soon() { if (!timer) timer = setTimeout(refresh, 200 + Math.random() * 800); }
    stream.addEventListener("change", soon);
    /* After a lost connection something may have been missed. */
    stream.onerror = function () { stale = true; };
    stream.onopen = function () { if (stale) soon(); };
    document.addEventListener("visibilitychange", function () { if (!document.hidden && stale) soon(); });
    root.addEventListener("focusout", function () { if (stale) soon(); });
  }
  if (window.EventSource && window.fetch) all("[data-live][id]").forEach(follow);
})();
