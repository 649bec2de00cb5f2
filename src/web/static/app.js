/* Asialla's script. Every page is complete without it; it only adds comfort. What it reads from the page:
 *
 *   .errors                       takes focus when the page has loaded
 *   form[method=post]             is sent once, however often it is pressed
 *   [data-needs-js][hidden]       is shown
 *   button[data-print]            prints the page; whatever is folded is unfolded on paper, but a picture's table
 *   button[data-share]            hands the page's address to whatever the device shares with
 *   input[data-suggest=URL]       a combobox (WAI-ARIA APG): URL?q=... is asked for {suggestions: [{text, href?}]}; data-said is
 *                                 what is said aloud before their number
 *   details.menu                  closes on Escape and on a click elsewhere
 *   [data-show-when="any C C"]    shows only while any (or "all") of the conditions hold: NAME=VALUE, NAME!=VALUE, NAME?
 *                                 (answered), NAME! (not answered); else is hidden and not sent
 *   [data-when=NAME]              shows only while the field NAME has the value data-is; else is hidden and not sent
 *   #id[data-live=URL]            follows the event stream URL (parts with the same URL share one); at each event the same page
 *                                 is fetched again, without its frame (X-Part), and the content of #id is swapped, focus and
 *                                 opened details kept. A part in which somebody writes stays as it is until they have left it,
 *                                 a form that came back with an error (data-kept on the body) until it is sent
 *   #id[data-live-text]           its text follows at the same time (role=status says it aloud when it has changed)
 *   button[data-reply-into=ID]    puts the text of the option chosen beside it (data-text) behind what stands in the field ID
 *   form[data-presence]           is sent every 20 s while the page can be seen, with state=open or state=writing; at the end
 *                                 with state=left
 *   form[data-from-hash=NAME]     what stands behind # in the address goes into the field NAME, out of the address, and the
 *                                 form is sent: a code in a QR picture gets into no log
 */
(function () {
  "use strict";

  var all = function (selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  };

  function unhide(root) {
    all("[data-needs-js]", root).forEach(function (el) { el.hidden = "share" in el.dataset && !navigator.share; });
  }
  unhide();

  var errors = document.querySelector(".errors");
  if (errors) errors.focus();

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
    if (event.target.closest("[data-share]")) navigator.share({ title: document.title, url: location.href }).catch(function () {});
    all("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  /* A template goes behind what was typed, never over it. */
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-reply-into]");
    var field = button && document.getElementById(button.dataset.replyInto);
    var list = button && document.getElementById(button.dataset.replyInto + ".reply");
    if (!field || !list) return;
    event.preventDefault();
    var text = list.selectedOptions[0] && list.selectedOptions[0].dataset.text;
    if (!text) { list.focus(); return; }
    field.value = field.value.trim() ? field.value.replace(/\s+$/, "") + "\n\n" + text : text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });

  document.addEventListener("keydown", function (event) {
    var menu = event.key === "Escape" && event.target.closest("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  window.addEventListener("beforeprint", function () {
    all("details.fold:not(.no-print)").forEach(function (fold) { fold.open = fold.open || !fold.closest(".chart"); });
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

  all("form[data-from-hash]").forEach(function (form) {
    var code = location.hash.slice(1);
    if (!/^[\w-]{13,20}$/.test(code)) return;
    form.elements[form.dataset.fromHash].value = code;
    history.replaceState(null, "", location.pathname);
    form.requestSubmit();
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
  function turn(root) {
    all("[data-when]", root).forEach(ask);
    all("form [data-show-when]", root).forEach(weigh);
  }
  turn();
  document.addEventListener("input", function (event) {
    if (!event.target.form) return;
    all("[data-when]", event.target.form).forEach(ask);
    all("[data-show-when]", event.target.form).forEach(weigh);
  });

  /* Suggestions while somebody writes. The field keeps the focus; aria-activedescendant says which one is meant. */
  function suggest(input) {
    var list = document.createElement("ul"), said = document.createElement("p"), found = [], at = -1, timer = 0, asking = null;
    list.id = input.id + "-list";
    list.className = "suggest";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.dataset.said);
    said.className = "vh";
    said.setAttribute("role", "status");
    input.after(list, said);
    [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]
      .forEach(function (pair) { input.setAttribute(pair[0], pair[1]); });

    function mark(next) {
      at = next;
      all("li", list).forEach(function (li, i) { li.setAttribute("aria-selected", i === at); });
      if (at < 0) input.removeAttribute("aria-activedescendant");
      else input.setAttribute("aria-activedescendant", list.id + at);
    }
    function close() {
      clearTimeout(timer);
      if (asking) asking.abort();
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      mark(-1);
    }
    function show(suggestions) {
      found = suggestions;
      list.replaceChildren.apply(list, found.map(function (one, i) {
        var li = document.createElement("li");
        li.id = list.id + i;
        li.setAttribute("role", "option");
        li.textContent = one.text;
        return li;
      }));
      close();
      list.hidden = !found.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      said.textContent = input.dataset.said + " " + found.length;
    }
    function take(i) {
      var one = found[i];
      close();
      if (one.href) { location.assign(one.href); return; }
      input.value = one.text;
      input.form.requestSubmit();
    }
    function ask() {
      var q = input.value.trim();
      if (asking) asking.abort();
      if (q.length < 2) { found = []; close(); return; }
      asking = new AbortController();
      fetch(input.dataset.suggest + "?q=" + encodeURIComponent(q), { signal: asking.signal, credentials: "omit" })
        .then(function (answer) { return answer.ok ? answer.json() : { suggestions: [] }; })
        .then(function (answer) { if (document.activeElement === input) show(answer.suggestions); })
        .catch(function () {});
    }
    input.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(ask, 150); });
    input.addEventListener("blur", function () { setTimeout(close, 150); });
    input.addEventListener("keydown", function (event) {
      var step = { ArrowDown: 1, ArrowUp: -1 }[event.key], n = found.length;
      if (event.isComposing || list.hidden && !(step && n)) return;
      if (step) {
        event.preventDefault();
        list.hidden = false;
        input.setAttribute("aria-expanded", "true");
        mark(at < 0 ? (step > 0 ? 0 : n - 1) : (at + step + n + 1) % (n + 1) === n ? -1 : at + step);
      } else if (event.key === "Enter" && at >= 0) {
        event.preventDefault();
        take(at);
      } else if (event.key === "Escape") {
        event.preventDefault();
        close();
      }
    });
    list.addEventListener("mousedown", function (event) { event.preventDefault(); });
    list.addEventListener("click", function (event) {
      var li = event.target.closest("li");
      if (li) take(all("li", list).indexOf(li));
    });
    if (input.form) input.form.addEventListener("submit", close);
  }
  if (window.fetch && window.AbortController) all("input[data-suggest]").forEach(suggest);

  /* Live parts. Events of one burst make one fetch, a little later, so that a full county does not ask in the same moment. */
  var SPREAD_MS = 300;

  function place(root) {
    var el = document.activeElement;
    if (!root.contains(el)) return null;
    if (el.id) return "#" + CSS.escape(el.id);
    var href = el.getAttribute("href");
    return href ? 'a[href="' + CSS.escape(href) + '"]' : null;
  }

  function changed(field) {
    if (field.tagName === "SELECT")
      return all("option", field).some(function (o) { return o.selected !== o.defaultSelected && (o.selected ? o.index > 0 : true); });
    if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
    return field.type !== "hidden" && field.value !== field.defaultValue;
  }
  function writing(root) {
    return all("input, textarea, select", root).some(function (field) { return field === document.activeElement || changed(field); });
  }

  function swap(root, fresh) {
    if (root.fresh === fresh.innerHTML) return;
    root.fresh = fresh.innerHTML;
    var focus = place(root);
    var opened = all("details[open][id]", root).map(function (el) { return el.id; });
    root.replaceChildren.apply(root, Array.prototype.slice.call(fresh.childNodes));
    opened.forEach(function (id) {
      var el = document.getElementById(id);
      if (el) el.open = true;
    });
    unhide(root);
    turn(root);
    var el = focus && root.querySelector(focus);
    if (el) el.focus({ preventScroll: true });
  }

  function follow(url, roots) {
    var made = document.body.dataset.made;
    var stream = new EventSource(made ? url + (url.indexOf("?") < 0 ? "?" : "&") + "since=" + made : url), timer = 0, stale = false, asking = false;
    /* A form that came back holds what was typed, though it looks as it was sent. */
    function kept(root) {
      return "kept" in document.body.dataset && root.querySelector("form input:not([type=hidden]), form textarea, form select");
    }
    function put(page) {
      roots.forEach(function (root) {
        var fresh = page.getElementById(root.id);
        if (fresh && (kept(root) || writing(root))) stale = true;
        else if (fresh) swap(root, fresh);
      });
      all("[data-live-text]").forEach(function (el) {
        var next = page.getElementById(el.id);
        if (next && next.textContent !== el.textContent) el.textContent = next.textContent;
      });
    }
    function refresh() {
      timer = 0;
      stale = document.hidden || asking;
      if (stale) return;
      asking = true;
      fetch(location.href, { credentials: "same-origin", headers: { "X-Part": "live" }, signal: AbortSignal.timeout && AbortSignal.timeout(15000) }).then(function (answer) {
        if (answer.redirected || answer.status === 403 || answer.status === 404) stream.close();
        if (!answer.ok || answer.redirected) throw answer.status;
        return answer.text();
      }).then(function (text) {
        var missed = stale; /* something changed while this was on its way */
        stale = false;
        put(new DOMParser().parseFromString(text, "text/html"));
        asking = false;
        if (missed) soon();
      }).catch(function () {
        asking = false;
        stale = true;
        if (stream.readyState < 2) timer = timer || setTimeout(refresh, 5000);
      });
    }
    function soon() { if (!timer) timer = setTimeout(refresh, Math.random() * SPREAD_MS); }
    stream.addEventListener("change", soon);
    /* After a lost connection something may have been missed. */
    stream.onerror = function () { stale = true; };
    stream.onopen = function () { if (stale) soon(); };
    document.addEventListener("visibilitychange", function () { if (!document.hidden && stale) soon(); });
    roots.forEach(function (root) {
      root.addEventListener("focusout", function () { setTimeout(function () { if (stale && !kept(root) && !writing(root)) soon(); }); });
    });
  }
  if (window.EventSource && window.fetch) {
    var streams = {};
    all("[data-live][id]").forEach(function (root) {
      (streams[root.dataset.live] = streams[root.dataset.live] || []).push(root);
    });
    Object.keys(streams).forEach(function (url) { follow(url, streams[url]); });
  }

  /* Presence: who else has this open, and is writing. */
  function present(form) {
    var told = "", timer = 0;
    function body(state) {
      var fields = new URLSearchParams(new FormData(form));
      fields.append("state", state);
      return fields;
    }
    function tell() {
      if (document.hidden) return;
      told = all("main input, main textarea, main select").some(changed) ? "writing" : "open";
      fetch(form.action, { method: "POST", body: body(told), credentials: "same-origin" }).then(function (answer) {
        if (!answer.ok || answer.redirected) clearInterval(timer);
      }).catch(function () {});
    }
    timer = setInterval(tell, 20000);
    tell();
    document.addEventListener("input", function (event) {
      if (told !== "writing" && event.target.closest("main")) tell();
    });
    document.addEventListener("visibilitychange", tell);
    window.addEventListener("pagehide", function () { navigator.sendBeacon(form.action, body("left")); });
    window.addEventListener("pageshow", function (event) { if (event.persisted) tell(); });
  }
  if (window.fetch && navigator.sendBeacon) all("form[data-presence]").forEach(present);
})();
