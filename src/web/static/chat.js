/* The script of the chat's page. Without it the messages stand in a frame that refreshes itself, and each form makes a new page.
 *
 *   #chat[data-chat=URL]    the conversation's address: URL/live is its event stream, URL/after?seq=N what came after number N
 *
 * What is written waits here, in the page and nowhere else (a computer may be shared), until the server has answered that it
 * stands on its disk. It is sent one by one, in order, each under the random value that came with it, as often as it takes: sent
 * twice, it is one message. What came meanwhile is asked for by number, so nothing is missed and nothing shown twice.
 */
(function () {
  "use strict";

  var chat = document.getElementById("chat");
  if (!chat || !window.fetch || !window.URLSearchParams) return;

  var words = chat.dataset, base = words.chat;
  var say = document.getElementById("chat-say"), link = document.getElementById("chat-link");
  var list = document.createElement("ul"), log = document.createElement("div");
  var seq = 0, queue = [], shown = [], sending = false, tries = 0, asking = false, again = false, heard = 0, title = document.title, unread = 0;

  list.className = "messages";
  log.className = "chat__log";
  log.tabIndex = 0;
  [["role", "log"], ["aria-live", "polite"], ["aria-label", words.label]].forEach(function (pair) { log.setAttribute(pair[0], pair[1]); });
  log.appendChild(list);
  document.getElementById("chat-log").replaceChildren(log);

  function random() {
    var bytes = crypto.getRandomValues(new Uint8Array(26));
    return Array.prototype.map.call(bytes, function (b) { return "0123456789abcdefghjkmnpqrstvwxyz"[b & 31]; }).join("");
  }

  function tell(text) { if (link && link.textContent !== text) link.textContent = text; }

  /* ---- what the server says ---- */

  function typing(part) {
    return Array.prototype.some.call(part.querySelectorAll("input:not([type=hidden]), textarea"), function (field) {
      return field === document.activeElement || (field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
    });
  }

  /* The part beside the messages changes when the conversation does, unless somebody is typing in it. */
  function swapMore(fresh) {
    var more = document.getElementById("chat-more");
    if (!fresh || fresh.dataset.mark === more.dataset.mark || typing(more)) return;
    more.replaceWith(fresh);
  }

  /* An own message stands in the log: what showed it meanwhile goes. The stream may tell of it before the answer comes. */
  function arrived(text) {
    var waiting = shown.concat(queue).filter(function (item) { return !item.gone && same(item.text) === same(text); })[0];
    if (!waiting) return;
    waiting.gone = true;
    waiting.li.remove();
    shown = shown.filter(function (item) { return !item.gone; });
  }
  function same(text) { return text.replace(/\s+/g, " ").trim(); }

  function take(text) {
    var part = new DOMParser().parseFromString(text, "text/html").getElementById("chat-part");
    if (!part) return null;
    var low = log.scrollHeight - log.scrollTop - log.clientHeight < 60, came = 0;
    Array.prototype.forEach.call(part.querySelectorAll("#chat-lines > li"), function (li) {
      var n = Number(li.dataset.seq);
      if (n <= seq) return;
      list.insertBefore(li, list.querySelector(".is-waiting"));
      seq = n;
      if (li.classList.contains("message--own")) arrived(li.querySelector(".message__text").textContent);
      came += li.classList.contains("message") && !li.classList.contains("message--own");
    });
    seq = Math.max(seq, Number(part.dataset.seq));
    if (came && document.hidden) document.title = "(" + (unread += came) + ") " + title;
    if (low) log.scrollTop = log.scrollHeight;
    var head = document.getElementById("chat-head"), fresh = part.querySelector("#chat-head");
    if (head.textContent !== fresh.textContent) head.replaceChildren.apply(head, Array.prototype.slice.call(fresh.childNodes));
    swapMore(part.querySelector("#chat-more"));
    if (!part.dataset.open) close();
    else if (waits && part.dataset.open !== "waiting") hear(); /* the line is no more of interest */
    waits = part.dataset.open === "waiting";
    return part;
  }

  /* Over: nothing more can be sent; what was not stands there to be copied. */
  function close() {
    if (say && !say.elements.text.value && !queue.length) say.hidden = true;
    if (stream) stream.close();
    clearInterval(poll);
  }

  function ask() {
    if (asking) { again = true; return; }
    asking = true;
    again = false;
    fetch(base + "/after?seq=" + seq, { credentials: "same-origin", signal: AbortSignal.timeout && AbortSignal.timeout(15000) }).then(function (answer) {
      if (answer.redirected || answer.status === 404) { tell(words.gone); close(); return ""; }
      if (!answer.ok) throw new Error(answer.status);
      return answer.text();
    }).then(function (text) {
      if (text) take(text);
      heard = Date.now();
    }).catch(function () { tell(words.lost); }).then(function () {
      asking = false;
      if (again) ask();
    });
  }

  /* ---- what is written ---- */

  function show(item, state) {
    var retry = state === words.refused;
    item.note.textContent = state;
    item.li.classList.toggle("is-refused", retry);
  }

  function refused(item, why) {
    queue.shift();
    show(item, words.refused);
    var p = document.createElement("p"), back = document.createElement("button");
    p.textContent = why || words.gone;
    p.setAttribute("role", "alert");
    back.type = "button";
    back.className = "link-button";
    back.textContent = words.back;
    back.addEventListener("click", function () {
      var field = say.elements.text;
      say.hidden = false;
      field.value = item.text + (field.value ? "\n" + field.value : "");
      item.li.remove();
      field.focus();
    });
    item.li.append(p, back);
  }

  function later() {
    tries++;
    show(queue[0], words.waiting);
    setTimeout(function () { sending = false; next(); }, Math.min(15000, 700 * Math.pow(2, Math.min(tries, 5))) * (0.7 + Math.random() * 0.6));
  }

  /* A refusal is an answer (422, 403); anything else may be tried again. */
  function next() {
    if (sending || !queue.length) return;
    var item = queue[0], form = new URLSearchParams({ _token: say.elements._token.value, once: item.once, text: item.text, after: String(seq) });
    var given = new AbortController(), timer = setTimeout(function () { given.abort(); }, 20000);
    sending = true;
    show(item, tries ? words.waiting : words.sending);
    fetch(base + "/say", { method: "POST", body: form, credentials: "same-origin", redirect: "error", signal: given.signal }).then(function (answer) {
      return answer.text().then(function (text) {
        clearTimeout(timer);
        if (answer.status === 429 || answer.status >= 500 || answer.status === 408) { later(); return; }
        sending = false;
        tries = 0;
        if (answer.ok) {
          queue.shift();
          item.sent = true;
          item.note.textContent = "";
          shown.push(item);
          tell("");
          ask();
        } else {
          var part = take(text);
          refused(item, part && part.dataset.error);
        }
        next();
      });
    }).catch(function () { clearTimeout(timer); later(); });
  }

  function send(text) {
    var item = { text: text, once: random(), li: document.createElement("li"), note: document.createElement("p") };
    var said = document.createElement("p");
    item.li.className = "message message--own is-waiting";
    item.note.className = "message__from";
    said.className = "message__text";
    said.textContent = text;
    item.li.append(item.note, said);
    list.appendChild(item.li);
    queue.push(item);
    log.scrollTop = log.scrollHeight;
    show(item, words.sending);
    next();
  }

  if (say) say.addEventListener("submit", function (event) {
    var field = say.elements.text, text = field.value.trim();
    event.preventDefault();
    field.focus();
    if (!text) return;
    field.value = "";
    send(text);
  });

  /* A page that is left with something unsent asks first. */
  window.addEventListener("beforeunload", function (event) {
    if (queue.length) { event.preventDefault(); event.returnValue = ""; }
  });

  /* ---- hearing ---- */

  var stream = null, waits = false;
  function hear() {
    if (!window.EventSource) return;
    if (stream) stream.close();
    stream = new EventSource(base + "/live");
    stream.addEventListener("change", ask);
    stream.onopen = function () { tell(""); ask(); };
    stream.onerror = function () { tell(words.lost); };
  }
  /* Slowly, whatever the stream says: a line that is dead without saying so is noticed too. */
  var poll = setInterval(function () {
    var deaf = !stream || stream.readyState !== EventSource.OPEN;
    if (Date.now() - heard > (deaf ? 5000 : 30000)) ask();
    if (stream && stream.readyState === EventSource.CLOSED) hear();
  }, 2500);
  window.addEventListener("online", function () { ask(); });
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) return;
    unread = 0;
    document.title = title;
    ask();
  });
  hear();
  ask();
})();
