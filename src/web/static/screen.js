/* What the kiosks and call-in screens of a unit have besides app.js; nobody stands beside them who could press "try again":
 *
 *   body[data-after][data-to]     goes to the address data-to after data-after seconds, as the page does by its Refresh header
 *                                 without scripts, but only once a server answers there (one that is started anew leaves no error
 *                                 page on the wall), and not while somebody types. "?s=1" asks for pages without that header
 *
 * A browser that is started again after a power cut asks for the page anew, and asks nobody whether to send a form twice. */
(function () {
  "use strict";
  var data = document.body.dataset, to = data.to + "?s=1", typed = 0;
  if (!window.fetch || !data.to) return;
  history.replaceState(null, "", location.href);
  document.querySelectorAll("form").forEach(function (form) { form.action += "?s=1"; });
  document.querySelectorAll("a[href]").forEach(function (link) { link.href += "?s=1"; });
  document.addEventListener("input", function () { typed = Date.now(); });
  function go() {
    var wait = typed + 30000 - Date.now();
    if (typed && wait > 0) { setTimeout(go, wait); return; }
    fetch(to, { credentials: "same-origin", cache: "no-store" }).then(function (answer) {
      if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
      location.replace(to);
    }).catch(function () { setTimeout(go, 5000); });
  }
  /* the first page came with the header, which is forestalled */
  setTimeout(go, (location.search ? data.after : data.after - 2) * 1000);
})();
