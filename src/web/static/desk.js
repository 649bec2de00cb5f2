/*
 * desk.js: the professional's chat desk, made live. Every page of it is complete without this. Loaded on the desk only.
 *
 *   #desk[data-desk=URL]       URL/stream tells that something has changed; then URL/lists is asked for (#desk-lists), and for
 *                              each conversation that has a higher number than its part of the page, URL/REF/after?seq=N
 *   .talk[data-ref][data-seq]  a conversation; one that is not shown is kept as it is, with what was typed in it
 *   form[data-say]             a message: sent in the order of writing, again and again with the same `once` until it is
 *                              answered, so that none is lost and none comes twice
 *   all other forms            are sent without leaving the page, and their answer is put in its place
 *
 * Lines are numbered by the server and appended in that order; a number that is there already is left out.
 */
(function () {
  "use strict";

  var desk = document.getElementById("desk");
  if (!desk || !window.fetch || !window.EventSource) return;

  var base = desk.dataset.desk, words = desk.dataset;
  var lists = document.getElementById("desk-lists"), room = document.getElementById("desk-talk"), said = document.getElementById("desk-said");
  var kept = {}, shownLists = lists.innerHTML;
  var all = function (selector, root) { return Array.prototype.slice.call((root || document).querySelectorAll(selector)); };
  var parse = function (text) { return new DOMParser().parseFromString(text, "text/html"); };
  var pane = function () { return room.querySelector(".talk"); };

  all("[data-desk-refresh]").forEach(function (el) { el.hidden = true; });

  /* An answer of ours with its whole text; else an error with its status (0: there was none) and what it says. */
  function ask(url, options) {
    var given = new AbortController(), long = options && options.body instanceof FormData; /* files, on a slow line */
    var timer = setTimeout(function () { given.abort(); }, long ? 300000 : 15000);
    return fetch(url, Object.assign({ credentials: "same-origin", signal: given.signal }, options)).then(function (answer) {
      return answer.text().then(function (text) { return { from: answer, text: text }; });
    }).catch(function () {
      throw { status: 0 };
    }).finally(function () {
      clearTimeout(timer);
    }).then(function (got) {
      if (got.from.redirected && new URL(got.from.url).pathname.indexOf(base) !== 0) throw { status: 403, text: words.gone };
      return got;
    });
  }
  function piece(url, options) {
    return ask(url, options).then(function (got) {
      var plain = /^text\/plain/.test(got.from.headers.get("content-type") || "");
      if (!got.from.ok) throw { status: got.from.status, text: plain ? got.text : words.gone };
      return got.text;
    });
  }
  function tell(text) {
    var box = document.createElement("div"), p = document.createElement("p");
    box.className = "notice notice--warn";
    box.setAttribute("role", "alert");
    p.textContent = text;
    box.append(p);
    said.replaceChildren(box);
  }

  /* ---- lines ---- */

  function toEnd(talk) {
    var log = talk.querySelector(".talk__log");
    if (log) log.scrollTop = log.scrollHeight;
  }
  function append(talk, text) {
    var list = talk.querySelector(".messages"), log = talk.querySelector(".talk__log");
    if (!list) return;
    var follows = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
    all("li", parse("<ul>" + text + "</ul>")).forEach(function (li) {
      if (Number(li.dataset.seq) <= Number(talk.dataset.seq)) return;
      talk.dataset.seq = li.dataset.seq;
      list.insertBefore(li, list.querySelector(".is-sending"));
    });
    if (follows) toEnd(talk);
  }
  function fetchLines(talk) {
    var seen = talk === pane() && !document.hidden ? "&seen=1" : "";
    return piece(base + "/" + talk.dataset.ref + "/after?seq=" + talk.dataset.seq + seen).then(function (text) { append(talk, text); });
  }

  /* ---- messages that are on their way ---- */

  function once() {
    var bytes = crypto.getRandomValues(new Uint8Array(13));
    return Array.prototype.map.call(bytes, function (b) { return (b + 256).toString(16).slice(1); }).join("");
  }
  function state(talk, text) {
    var el = talk.querySelector(".talk__state");
    if (el && el.textContent !== text) el.textContent = text;
  }
  function say(talk, form) {
    var field = form.elements.text, list = talk.querySelector(".messages"), li = document.createElement("li");
    var text = field.value.trim();
    if (!text) { field.focus(); return; }
    li.className = "message message--own is-sending";
    [words.send, text].forEach(function (words, i) {
      var p = document.createElement("p");
      p.className = i ? "message__text" : "message__from";
      p.textContent = words;
      li.append(p);
    });
    list.append(li);
    toEnd(talk);
    field.value = "";
    field.focus();
    (talk.queue = talk.queue || []).push({ text: text, once: once(), token: form.elements._token.value, li: li });
    if (talk.queue.length === 1) pump(talk, 500);
  }
  function giveBack(talk) {
    var field = talk.querySelector("[data-say] textarea");
    var texts = talk.queue.map(function (m) { m.li.remove(); return m.text; });
    talk.queue = [];
    if (field) field.value = texts.concat(field.value || []).join("\n");
  }
  function pump(talk, wait) {
    var m = talk.queue[0];
    if (!m) return;
    var body = new URLSearchParams({ _token: m.token, act: "say", once: m.once, text: m.text, live: "1" });
    piece(base + "/" + talk.dataset.ref, { method: "POST", body: body }).then(function () {
      return fetchLines(talk).catch(update); /* it stands: what has come is fetched by number, now or later */
    }).then(function () {
      m.li.remove();
      talk.queue.shift();
      state(talk, "");
      pump(talk, 500);
    }, function (fault) {
      if (fault.status && fault.status < 500 && fault.status !== 408 && fault.status !== 429) {
        giveBack(talk);
        state(talk, fault.text);
        return;
      }
      m.li.firstChild.textContent = words.unsent;
      state(talk, words.unsent);
      setTimeout(pump, wait, talk, Math.min(wait * 2, 8000));
    });
  }

  /* ---- lists ---- */

  function number(unread) {
    var name = document.title.replace(/^(\(\d+\) )?/, "");
    document.title = (Number(unread) ? "(" + unread + ") " : "") + name;
  }
  function putLists(text) {
    if (text === shownLists) return;
    shownLists = text;
    var el = document.activeElement, at = lists.contains(el) && (el.id ? "#" + CSS.escape(el.id) : el.getAttribute("href") && 'a[href="' + el.getAttribute("href") + '"]');
    lists.innerHTML = text;
    if (at && lists.querySelector(at)) lists.querySelector(at).focus({ preventScroll: true });
    number(lists.querySelector("#desk-state").dataset.unread);
  }
  function behind() {
    var there = {}, jobs = [], mine = [];
    all("#desk-mine li", lists).forEach(function (li) {
      there[li.dataset.ref] = true;
      mine.push(li.dataset.ref);
      var talk = pane() && pane().dataset.ref === li.dataset.ref ? pane() : kept[li.dataset.ref];
      if (talk && Number(talk.dataset.seq) < Number(li.dataset.seq)) jobs.push(fetchLines(talk));
    });
    listen(mine.join(" "));
    /* It was ended, or is somebody else's now: what the page says of it is not true any more. */
    var open = pane();
    if (open && open.querySelector("[data-say]") && !there[open.dataset.ref] && !(open.queue || []).length && !open.querySelector("form[data-sent]"))
      jobs.push(ask(base + "/" + open.dataset.ref).then(function (got) { put(parse(got.text)); }));
    return Promise.all(jobs);
  }
  var asking = false, again = false;
  function update() {
    if (asking) { again = true; return; }
    asking = true;
    var open = pane() && !document.hidden ? "?open=" + pane().dataset.ref : "";
    piece(base + "/lists" + open).then(putLists).then(behind).catch(function (fault) {
      if (fault.status === 403) tell(words.gone);
      else setTimeout(update, 1500);
    }).then(function () {
      asking = false;
      if (again) { again = false; update(); }
    });
  }

  var stream, followed;
  function listen(mine) {
    if (stream && stream.readyState !== 2 && followed === mine) return;
    if (stream) stream.close();
    followed = mine;
    stream = new EventSource(base + "/stream");
    stream.addEventListener("change", update);
    stream.onopen = update; /* what happened before is not told */
    stream.onerror = function () { if (this.readyState === 2 && this === stream) setTimeout(update, 2000); };
  }

  /* ---- going from one to another ---- */

  /* Somebody chose or typed it: it is not as the page came. */
  function touched(field) {
    if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (!field.options) return field.value !== field.defaultValue;
    var came = all("option", field).findIndex(function (option) { return option.defaultSelected; });
    return field.selectedIndex !== Math.max(came, 0);
  }
  function actOf(form) {
    var act = form && form.querySelector("[name=act]");
    return act ? act.value : "";
  }
  /* What is open and was chosen or typed in the folds of a conversation stays when a page takes its place; the form whose answer
     the page is (undefined: it is none's) has said what it had to. What nobody touched is as the new page says. */
  function carry(old, talk, sent) {
    all("details[id]", old).forEach(function (part) {
      var to = talk.querySelector("#" + CSS.escape(part.id));
      if (!to || part.contains(sent)) return;
      to.open = to.open || part.open;
      var forms = all("form", to);
      all("form", part).forEach(function (form, i) {
        if (actOf(form) !== actOf(forms[i])) return;
        all("input:not([type=hidden]), select, textarea", form).filter(touched).forEach(function (field) {
          var one = field.type === "radio" || field.type === "checkbox" ? '[value="' + CSS.escape(field.value) + '"]' : "";
          var same = forms[i] && forms[i].querySelector('[name="' + CSS.escape(field.name) + '"]' + one);
          if (!same) return;
          if (one) same.checked = field.checked;
          else if (field.type === "file") same.files = field.files;
          else same.value = field.value;
        });
      });
    });
  }
  /* A page of ours in place of what is shown. What was typed as a message, and is on its way, stays. */
  function put(page, sent) {
    var fresh = page.getElementById("desk-talk"), old = pane();
    if (!fresh) { location.reload(); return; }
    var talk = fresh.querySelector(".talk");
    if (talk && old && talk.dataset.ref === old.dataset.ref) {
      var from = old.querySelector("[data-say] textarea"), to = talk.querySelector("[data-say] textarea");
      if (from && to && from.value !== from.defaultValue && !to.value) to.value = from.value;
      talk.queue = old.queue;
      (talk.queue || []).forEach(function (m) { talk.querySelector(".messages").append(m.li); });
      carry(old, talk, sent);
      if (old.queue) old.queue = [];
      if ((talk.queue || []).length) setTimeout(pump, 300, talk, 500);
    }
    if (talk) delete kept[talk.dataset.ref];
    room.replaceChildren.apply(room, Array.prototype.slice.call(fresh.childNodes));
    said.replaceChildren.apply(said, Array.prototype.slice.call(page.getElementById("desk-said").childNodes));
    settle(page.title);
  }
  function settle(title) {
    var talk = pane();
    desk.classList.toggle("desk--open", Boolean(talk));
    if (title) document.title = title;
    if (talk) {
      toEnd(talk);
      all("[data-when]", talk).forEach(function (part) { part.closest("form").dispatchEvent(new Event("input", { bubbles: true })); });
    }
    update();
  }
  function focusTalk() {
    var el = said.querySelector(".errors") || room.querySelector("[data-say] textarea") || document.getElementById("talk-h");
    if (el) el.focus();
  }
  function keep() {
    var talk = pane();
    if (talk) kept[talk.dataset.ref] = talk;
    return talk;
  }
  function go(url, push) {
    var ref = new URL(url, location.href).pathname.slice(base.length + 1);
    var there = kept[ref];
    keep();
    if (push) history.pushState(null, "", url);
    if (!there) {
      ask(url).then(function (got) { put(parse(got.text)); focusTalk(); })
        .catch(function (fault) { tell(fault.text || words.lost); });
      return;
    }
    delete kept[ref];
    room.replaceChildren(there);
    said.replaceChildren();
    settle(there.querySelector("h2").textContent);
    focusTalk();
  }

  document.addEventListener("click", function (event) {
    var link = event.target.closest("#desk-mine a, .desk__back a");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(link.href, true);
  });
  window.addEventListener("popstate", function () { go(location.href, false); });

  desk.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.closest("[data-say]")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  });
  desk.addEventListener("submit", function (event) {
    var form = event.target, talk = form.closest(".talk"), by = event.submitter;
    event.preventDefault();
    if (form.matches("[data-say]")) { say(talk, form); return; }
    if (form.dataset.sent) return;
    form.dataset.sent = "1";
    var fields = new FormData(form), url = form.getAttribute("action"), post = form.method === "post";
    if (by && by.name) fields.append(by.name, by.value);
    var body = form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields);
    if (!post) url = url.split("#")[0] + "?" + body;
    ask(url, post ? { method: "POST", body: body } : {}).then(function (got) {
      var page = parse(got.text);
      if (!page.getElementById("desk-talk")) throw { text: (page.querySelector("h1") || {}).textContent };
      /* Another one than was open: that one stays as it is. */
      var next = page.querySelector(".talk");
      if (talk && (!next || next.dataset.ref !== talk.dataset.ref)) delete kept[talk.dataset.ref];
      if (!talk) keep();
      put(page, form);
      history.pushState(null, "", got.from.ok ? got.from.url : location.href);
      focusTalk();
    }).catch(function (fault) {
      delete form.dataset.sent;
      tell(fault.text || words.lost);
    });
  });

  window.addEventListener("beforeunload", function (event) {
    var talks = Object.keys(kept).map(function (ref) { return kept[ref]; }).concat(pane() || []);
    var unsent = talks.some(function (talk) {
      var field = talk.querySelector("[data-say] textarea");
      return (talk.queue || []).length || field && field.value.trim() && field.value !== field.defaultValue;
    });
    if (unsent) event.preventDefault();
  });
  document.addEventListener("visibilitychange", function () { if (!document.hidden) update(); });
  window.addEventListener("online", update);
  setInterval(function () { if (!document.hidden) update(); }, 30000);
  listen(all("#desk-mine li", lists).map(function (li) { return li.dataset.ref; }).join(" "));
  if (pane()) toEnd(pane());
})();
