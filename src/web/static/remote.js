/* The script of a remote visit's page (src/remote); without it the page says that video needs scripts, and the number to call.
 *
 *   #visit[data-base=URL]   the seat's address: URL/here says that this page is there, URL/after?signal=N&text=M what has come,
 *                           URL/live is its event stream, URL/signal speaks to another browser, URL/say writes to all.
 *                           Without data-base camera and microphone are only tried.
 *
 * Each two people in the visit have one RTCPeerConnection, by "perfect negotiation" (W3C WebRTC 1.0, 10.7; RFC 8829): both may
 * offer at any time, and where two offers meet the one with the higher number gives way. Each loading of the page has a random
 * name; who sees another's new one begins anew with them, so a side that reloads comes back by itself. A connection that is not
 * made in time is given up by either side and made anew; each making has a number, what belongs to an older one is not heard.
 * Picture and sound go from browser to browser; nothing is recorded.
 */
(function () {
  "use strict";

  var visit = document.getElementById("visit");
  if (!visit) return;
  var words = visit.dataset, base = words.base, me = Number(words.me), staff = Boolean(words.staff);
  var supported = navigator.mediaDevices && navigator.mediaDevices.getUserMedia && window.RTCPeerConnection && window.fetch;
  var media = null, page = random(), joined = false, inside = false, ice = [], peers = new Map(), people = [];
  var seen = { signal: 0, text: 0 }, stream = null, beat = 0, poll = 0, asking = false, again = false, heard = 0, offline = false;

  function el(id) { return document.getElementById("visit-" + id); }
  function make(name, className, text) {
    var e = document.createElement(name);
    if (className) e.className = className;
    if (text) e.textContent = text;
    return e;
  }
  function random() {
    return Array.prototype.map.call(crypto.getRandomValues(new Uint8Array(20)), function (b) { return "0123456789abcdefghjkmnpqrstvwxyz"[b & 31]; }).join("");
  }
  function tell(text) { el("state").textContent = text; }
  function named(text, name) { return text.replace("{}", name); }

  /* ---- camera and microphone ---- */

  function why(error) {
    if (!supported) return words.insecure;
    if (error.name === "NotFoundError" || error.name === "OverconstrainedError") return words.missing;
    if (error.name === "NotReadableError" || error.name === "AbortError") return words.inuse;
    return words.denied;
  }

  function stopMedia() {
    if (media) media.getTracks().forEach(function (t) { t.stop(); });
    media = null;
  }

  function chosen(id) {
    var value = el(id).value;
    return value ? { deviceId: { exact: value } } : true;
  }

  /* With the camera, else without it; throws where there is no sound either. */
  async function openMedia() {
    var soundOnly = el("sound").checked;
    if (!supported) throw new Error("insecure");
    stopMedia();
    try {
      media = await navigator.mediaDevices.getUserMedia({
        audio: chosen("microphone"), video: soundOnly ? false : chosen("camera") === true ? { width: { ideal: 640 }, height: { ideal: 480 } } : chosen("camera"),
      });
      return soundOnly ? words.worksSound : words.works;
    } catch (error) {
      if (soundOnly || error.name === "NotAllowedError") throw error;
      media = await navigator.mediaDevices.getUserMedia({ audio: chosen("microphone") });
      return words.nocamera;
    }
  }

  async function listDevices() {
    var all = await navigator.mediaDevices.enumerateDevices();
    [["camera", "videoinput"], ["microphone", "audioinput"]].forEach(function (pair) {
      var select = el(pair[0]), before = select.value, n = 0;
      select.replaceChildren();
      all.forEach(function (d) {
        if (d.kind !== pair[1]) return;
        n++;
        select.add(new Option(d.label || words[pair[0]] + " " + n, d.deviceId, false, d.deviceId === before));
      });
      select.parentNode.hidden = n === 0;
    });
  }

  var meter = null;
  function measure() {
    var context, node, levels;
    if (meter) { clearInterval(meter.timer); meter.context.close(); meter = null; }
    if (!media || !media.getAudioTracks().length || !window.AudioContext) return;
    context = new AudioContext();
    node = context.createAnalyser();
    levels = new Uint8Array(node.fftSize);
    context.createMediaStreamSource(media).connect(node);
    meter = { context: context, timer: setInterval(function () {
      node.getByteTimeDomainData(levels);
      el("level").value = Math.min(100, Math.max.apply(null, levels) - 128);
    }, 100) };
  }

  async function tryMedia() {
    tell(words.asking);
    try {
      var result = await openMedia();
      await listDevices();
      el("devices").hidden = false;
      el("mirror").srcObject = media;
      el("mirror").parentNode.hidden = !media.getVideoTracks().length;
      measure();
      tell(result);
      return true;
    } catch (error) {
      stopMedia();
      el("devices").hidden = true;
      tell(why(error));
      return false;
    }
  }

  el("try").addEventListener("click", tryMedia);
  ["camera", "microphone", "sound"].forEach(function (id) {
    el(id).addEventListener("change", function () { if (media) tryMedia(); });
  });
  visit.hidden = false;
  if (!supported) tell(words.insecure);
  if (!base) return;

  /* ---- speaking to the server ---- */

  /* A network that is gone says nothing: who gets no answer for so long asks again. */
  function patience() { return AbortSignal.timeout && AbortSignal.timeout(15000); }

  async function post(what, fields) {
    var answer = await fetch(base + "/" + what, {
      method: "POST", credentials: "same-origin", redirect: "error", signal: patience(), body: new URLSearchParams(Object.assign({ token: words.token, page: page }, fields)),
    });
    var told = await answer.json().catch(function () { return {}; });
    return { ok: answer.ok, status: answer.status, told: told, error: told.error };
  }
  function passes(answer) { return answer.ok || (answer.status < 500 && answer.status !== 429 && answer.status !== 408); }
  function pause(tries) { return new Promise(function (r) { setTimeout(r, Math.min(15000, 400 * Math.pow(2, tries)) * (0.7 + Math.random() * 0.6)); }); }

  /* As often as it takes, under one random value: sent twice, it is one. Stops when this page is out. */
  async function surely(what, fields) {
    var whole = Object.assign({ once: random() }, fields);
    for (var tries = 0; joined; tries++) {
      try {
        var answer = await post(what, whole);
        if (passes(answer)) return answer;
      } catch (e) { setOffline(true); }
      await pause(Math.min(tries, 6));
    }
    return { ok: false };
  }

  function setOffline(now) {
    if (offline === now) return;
    offline = now;
    tell(now ? words.offline : words.online);
  }

  /* ---- one other person ---- */

  function Peer(person) {
    var peer = this;
    peer.n = person.n;
    peer.page = person.page;
    peer.name = person.name;
    peer.polite = me > person.n;
    peer.queue = [];
    peer.making = 1;
    peer.tries = 0;
    peer.tile = makeTile(person.name, false);
    peer.video = peer.tile.querySelector("video");
    peer.connect();
  }

  Peer.prototype.connect = function () {
    var peer = this, pc = new RTCPeerConnection({ iceServers: ice });
    peer.pc = pc;
    peer.offering = peer.ignoring = peer.was = false;
    peer.chain = Promise.resolve(); /* what is heard is worked off one after the other */
    peer.stream = new MediaStream();
    peer.video.srcObject = peer.stream;
    pc.onnegotiationneeded = async function () {
      try {
        peer.offering = true;
        await pc.setLocalDescription();
        if (pc === peer.pc) peer.send({ description: pc.localDescription });
      } catch (e) { if (pc.signalingState !== "closed") console.info(String(e)); } finally { if (pc === peer.pc) peer.offering = false; }
    };
    pc.onicecandidate = function (event) { if (event.candidate && pc === peer.pc) peer.send({ candidate: event.candidate }); };
    pc.ontrack = function (event) {
      peer.stream.addTrack(event.track);
      event.track.onunmute = function () { play(peer.video); };
      play(peer.video);
    };
    pc.onconnectionstatechange = function () { if (pc === peer.pc) peer.changed(); };
    addOwn(pc);
    peer.expect(Math.min(40000, 8000 + 4000 * peer.tries));
  };

  /* Own sound and picture; what there is none of is still received. */
  function addOwn(pc) {
    ["audio", "video"].forEach(function (kind) {
      var track = media && media.getTracks().filter(function (t) { return t.kind === kind; })[0];
      if (track) pc.addTrack(track, media);
      else pc.addTransceiver(kind, { direction: "recvonly" });
    });
  }

  Peer.prototype.changed = function () {
    var state = this.pc.connectionState, peer = this;
    peer.tile.dataset.state = state;
    peer.tile.querySelector(".visit__link-state").textContent = state === "connected" ? "" : words.linking;
    if (state === "connected") {
      if (!peer.came) tell(named(words.came, peer.name));
      peer.came = peer.was = true;
      peer.tries = 0;
      clearTimeout(peer.timer);
      tellMedia(peer);
    } else if (state === "failed" || state === "disconnected") {
      tell(named(words.lost, peer.name));
      peer.came = false; /* told again when it is back */
      peer.expect(state === "failed" ? 0 : 4000);
    }
  };

  /* Connected in so many milliseconds, or it is mended. */
  Peer.prototype.expect = function (ms) {
    var peer = this;
    clearTimeout(peer.timer);
    peer.timer = setTimeout(function () { if (peer.pc.connectionState !== "connected") peer.mend(); }, ms);
  };

  /* Where there was a connection, a new way first (ICE restart); else, and where none is found, all anew: what was said to make it
   * may have been lost. */
  Peer.prototype.mend = async function () {
    var peer = this, pc = peer.pc;
    peer.expect(10000);
    if (!people.some(function (p) { return p.n === peer.n && p.here; })) return;
    peer.tries++;
    await beatNow(); /* the relay's password may be over */
    if (peer.closed || pc !== peer.pc || pc.connectionState === "connected") return;
    if (!peer.was || peer.tries > 1) {
      peer.anew(peer.making + 1);
      return;
    }
    pc.setConfiguration({ iceServers: ice });
    pc.restartIce();
  };

  Peer.prototype.anew = function (making) {
    this.making = making;
    this.pc.close();
    this.connect();
  };

  /* What is said within a moment goes together, in order. */
  Peer.prototype.send = function (what) {
    var peer = this;
    peer.queue.push(Object.assign({ making: peer.making }, what));
    if (peer.sending) return;
    peer.sending = true;
    setTimeout(async function () {
      while (peer.queue.length && !peer.closed) {
        var part = [], size = 0;
        while (peer.queue.length && (!part.length || size + JSON.stringify(peer.queue[0]).length < 12000)) {
          size += JSON.stringify(peer.queue[0]).length;
          part.push(peer.queue.shift());
        }
        await surely("signal", { to: peer.n, for: peer.page, data: JSON.stringify(part) });
      }
      peer.sending = false;
    }, 30);
  };

  Peer.prototype.hear = function (what) {
    var peer = this, pc;
    if (peer.closed || what.making < peer.making) return;
    if (what.making > peer.making) peer.anew(what.making);
    pc = peer.pc;
    peer.chain = peer.chain.then(function () { return peer.closed || pc !== peer.pc ? 0 : peer.follow(what); });
  };

  Peer.prototype.follow = async function (what) {
    var peer = this, pc = peer.pc;
    try {
      if (what.description) {
        var collides = what.description.type === "offer" && (peer.offering || pc.signalingState !== "stable");
        peer.ignoring = !peer.polite && collides;
        if (peer.ignoring) return;
        await pc.setRemoteDescription(what.description);
        if (what.description.type === "offer") {
          await pc.setLocalDescription();
          if (pc === peer.pc) peer.send({ description: pc.localDescription });
        }
      } else if (what.candidate) {
        try { await pc.addIceCandidate(what.candidate); } catch (e) { if (!peer.ignoring) throw e; }
      } else if (what.media) {
        peer.tile.querySelector(".visit__media").textContent = mediaWords(what.media);
      }
    } catch (e) { if (pc.signalingState !== "closed") console.info(String(e)); }
  };

  Peer.prototype.close = function () {
    this.closed = true;
    clearTimeout(this.timer);
    this.pc.close();
    this.tile.remove();
  };

  function play(video) {
    var started = video.play();
    if (started) started.catch(function (e) { if (e.name === "NotAllowedError") el("hear").hidden = false; });
  }

  function mediaWords(m) {
    return [m.sound ? "" : words.muted, m.picture ? "" : words.nopicture].filter(Boolean).join(", ");
  }
  function ownMedia() {
    function on(kind) { return Boolean(media && media.getTracks().some(function (t) { return t.kind === kind && t.enabled; })); }
    return { sound: on("audio"), picture: on("video") };
  }
  function tellMedia(peer) { peer.send({ media: ownMedia() }); }

  /* ---- tiles, people, texts ---- */

  function makeTile(name, own) {
    var tile = make("figure", "visit__tile" + (own ? " visit__tile--own" : "")), video = make("video"), caption = make("figcaption");
    video.autoplay = true;
    video.playsInline = true;
    video.muted = own;
    video.setAttribute("aria-label", name);
    caption.append(make("strong", "", name), " ", make("span", "visit__media"), " ", make("span", "visit__link-state"));
    tile.append(video, caption);
    el("tiles").insertBefore(tile, ownTile); /* one's own is the last */
    return tile;
  }

  var ownTile = null;
  function showOwn() {
    if (!ownTile) ownTile = makeTile(words.you, true);
    ownTile.querySelector("video").srcObject = media;
    ownTile.querySelector(".visit__media").textContent = mediaWords(ownMedia());
    [["mute", "audio", words.mute, words.unmute], ["hide", "video", words.hide, words.show]].forEach(function (row) {
      var track = media && media.getTracks().filter(function (t) { return t.kind === row[1]; })[0], button = el(row[0]);
      button.hidden = !track;
      if (track) button.textContent = track.enabled ? row[2] : row[3];
    });
  }

  function turn(kind) {
    if (media) media.getTracks().forEach(function (t) { if (t.kind === kind) t.enabled = !t.enabled; });
    showOwn();
    peers.forEach(tellMedia);
  }
  el("mute").addEventListener("click", function () { turn("audio"); });
  el("hide").addEventListener("click", function () { turn("video"); });
  el("hear").addEventListener("click", function () {
    el("hear").hidden = true;
    peers.forEach(function (p) { play(p.video); });
  });

  function personButton(what, words, person, danger) {
    var button = make("button", danger ? "link-button" : "button", words), name = make("span", "vh", ": " + person.name);
    button.type = "button";
    button.append(name);
    button.addEventListener("click", async function () {
      button.disabled = true;
      var answer = await surely(what, { to: person.n });
      if (answer.error === "full") tell(words.full);
      button.disabled = false;
      ask();
    });
    return button;
  }

  var drawn = "", wanted = new Set();
  function showPeople() {
    var now = JSON.stringify(people.map(function (p) { return [p.n, p.name, p.in, p.here]; }));
    people.forEach(function (p) {
      if (staff && !p.in && p.here && !wanted.has(p.n)) tell(named(words.wants, p.name));
      if (p.in || !p.here) wanted.delete(p.n); else wanted.add(p.n);
    });
    if (now === drawn) return;
    drawn = now;
    el("people").replaceChildren.apply(el("people"), people.map(function (p) {
      var li = make("li"), text = make("span", "", p.name + (p.n === me ? " (" + words.you + ")" : " (" + p.who + ")"));
      li.append(text);
      if (staff && p.n !== me) {
        if (!p.in) li.append(" ", personButton("let", words.let, p, false));
        if (!p.staff) li.append(" ", personButton("remove", words.remove, p, true));
      }
      return li;
    }));
  }

  function showTexts(texts) {
    texts.forEach(function (t) {
      if (t.n <= seen.text) return;
      seen.text = t.n;
      var li = make("li", "message" + (t.own ? " message--own" : ""));
      li.append(make("p", "message__from", t.name + ", " + t.at), make("p", "message__text", t.text));
      el("texts").append(li);
      el("texts").parentNode.scrollTop = el("texts").scrollHeight;
    });
  }

  el("say").addEventListener("submit", async function (event) {
    var field = el("text"), text = field.value.trim();
    event.preventDefault();
    if (!text) return;
    field.value = "";
    var answer = await surely("say", { text: text });
    if (!answer.ok) {
      tell(words.unsent);
      field.value = text;
    } else ask();
  });

  /* ---- what has come ---- */

  function meet() {
    var others = new Map();
    if (inside) people.forEach(function (p) { if (p.n !== me && p.in && p.page) others.set(p.n, p); });
    peers.forEach(function (peer, n) {
      var p = others.get(n);
      if (p && p.page === peer.page) return;
      if (!p) tell(named(words.went, peer.name));
      peer.close();
      peers.delete(n);
    });
    others.forEach(function (p, n) { if (!peers.has(n)) peers.set(n, new Peer(p)); });
  }

  function take(told) {
    var was = inside;
    if (told.ended && !staff) { out(words.ended, true); return; }
    if (told.state === "left") { out(told.ended ? words.ended : words.left, !told.ended || staff); return; }
    inside = told.state === "in";
    people = told.people;
    el("talk").hidden = !inside;
    if (!inside) tell(people.some(function (p) { return p.staff && p.here; }) ? words.waits : words.waitsAlone);
    else if (!was) tell(people.length > 1 ? words.in : words.alone);
    meet();
    showPeople();
    told.signals.forEach(function (s) {
      var peer = peers.get(s.from);
      if (s.n <= seen.signal) return;
      seen.signal = s.n;
      if (peer && peer.page === s.page) s.data.forEach(function (what) { peer.hear(what); });
    });
    showTexts(told.texts);
  }

  function refused(code) {
    out(words[code] || words.gone, code === "ended" || code === "full");
  }

  async function ask() {
    if (!joined) return;
    if (asking) { again = true; return; }
    asking = true;
    again = false;
    try {
      var answer = await fetch(base + "/after?page=" + page + "&signal=" + seen.signal + "&text=" + seen.text, { credentials: "same-origin", signal: patience() });
      if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
      var told = answer.status === 404 ? { error: "gone" } : await answer.json();
      heard = Date.now();
      setOffline(false);
      if (!joined) { /* left meanwhile */ } else if (told.error) refused(told.error);
      else take(told);
    } catch (e) { setOffline(true); }
    asking = false;
    if (again) ask();
  }

  function hear() {
    if (stream) stream.close();
    stream = new EventSource(base + "/live");
    stream.addEventListener("change", ask);
    stream.onopen = ask;
  }

  async function beatNow() {
    try {
      var answer = await post("here", {});
      if (answer.ok) ice = answer.told.ice;
      else if (passes(answer) && joined) refused(answer.error);
    } catch (e) { setOffline(true); }
  }

  /* ---- in and out ---- */

  function keep(value) {
    try { sessionStorage.setItem("visit " + base, value); } catch (e) { /* not kept: the button is pressed again */ }
  }

  async function join() {
    tell(words.joining);
    if (!media && supported && !(await tryMedia()) && !listens) {
      listens = true; /* what the browser said stands there; pressed once more, one only listens */
      return;
    }
    var answer;
    try { answer = await post("here", { join: "1" }); } catch (e) { tell(words.offline); return; }
    if (!answer.ok) { out(words[answer.error] || words.gone, answer.status === 409); return; }
    ice = answer.told.ice;
    joined = true;
    keep(el("sound").checked ? "sound" : "joined");
    if (meter) { clearInterval(meter.timer); meter.context.close(); meter = null; }
    el("check").hidden = el("again").hidden = true;
    el("room").hidden = false;
    showOwn();
    clearInterval(beat);
    clearInterval(poll);
    beat = setInterval(beatNow, 15000);
    poll = setInterval(function () {
      var deaf = !stream || stream.readyState !== EventSource.OPEN;
      if (Date.now() - heard > (deaf ? 2000 : 20000)) ask();
      if (!stream || stream.readyState === EventSource.CLOSED) hear();
    }, 2000);
    hear();
    ask();
  }
  var listens = false;

  /* Out of the visit, for whatever reason: nothing is heard or seen of this side any more. */
  function out(text, mayComeBack) {
    joined = inside = false;
    clearInterval(beat);
    clearInterval(poll);
    if (stream) stream.close();
    stream = null;
    peers.forEach(function (p) { p.close(); });
    peers.clear();
    stopMedia();
    if (ownTile) ownTile.remove();
    ownTile = null;
    people = [];
    drawn = "";
    keep("");
    page = random();
    el("room").hidden = true;
    el("check").hidden = true;
    el("again").hidden = !mayComeBack;
    tell(text);
    if (mayComeBack) el("back").focus();
  }

  el("join").addEventListener("click", join);
  el("back").addEventListener("click", join);
  el("leave").addEventListener("click", async function () {
    await surely("leave", {});
    out(words.left, true);
  });
  if (el("end")) el("end").addEventListener("click", async function () {
    await surely("end", { to: me });
    out(words.ended, true);
  });
  window.addEventListener("online", ask);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) ask(); });

  /* Loaded again in the middle of a visit: back in by itself. */
  var kept = "";
  try { kept = sessionStorage.getItem("visit " + base); } catch (e) { /* as above */ }
  if (kept) {
    el("sound").checked = kept === "sound";
    listens = true;
    join();
  }
})();
