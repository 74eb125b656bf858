// Registers the worker that keeps read pages, says when a page comes from there, and lists them where there is nothing else.
const { worker, words } = document.currentScript.dataset;
addEventListener("load", () => setTimeout(() => navigator.serviceWorker?.register(worker))); // the page comes first

if (!navigator.onLine && !document.querySelector(".kept-pages")) {
  const note = Object.assign(document.createElement("p"), { className: "banner", textContent: words });
  note.setAttribute("role", "status");
  document.querySelector("main").prepend(note);
}

async function listKept(list) {
  const kept = await caches.open("pages");
  for (const request of (await kept.keys()).reverse()) {
    const text = await (await kept.match(request)).text();
    const link = Object.assign(document.createElement("a"), { href: request.url });
    link.textContent = new DOMParser().parseFromString(text, "text/html").title || link.pathname;
    list.append(document.createElement("li"));
    list.lastChild.append(link);
  }
}

for (const list of document.querySelectorAll(".kept-pages")) if (window.caches) listKept(list);
