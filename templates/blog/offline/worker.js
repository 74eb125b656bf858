// Pages that were read open without a network. The network is always asked first, and kept is only what is everybody's.
const OFFLINE = "{% url "offline" %}", ALWAYS = "offline";
const MOST = { pages: 60, pictures: 120, files: 40 };

self.addEventListener("install", event => event.waitUntil(begin()));
self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", event => {
  const kind = kindOf(event.request);
  if (kind) event.respondWith(kind === "files" ? fromMemory(event, kind) : fromNetwork(event, kind));
});

async function begin() {
  await (await caches.open(ALWAYS)).add(new Request(OFFLINE, { cache: "reload" }));
  await self.skipWaiting();
}

function kindOf(request) {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || url.pathname.startsWith("/admin/")) return null;
  if (request.mode === "navigate") return "pages";
  return { static: "files", media: "pictures" }[url.pathname.split("/")[1]] ?? null;
}

// A file's name changes with its content.
async function fromMemory(event, kind) {
  return await caches.match(event.request) ?? fromNetwork(event, kind);
}

async function fromNetwork(event, kind) {
  try {
    const response = await fetch(event.request);
    if (response.status === 200 && mayBeKept(response, kind)) event.waitUntil(keep(kind, event.request, response.clone()));
    return response;
  } catch (error) {
    const kept = await caches.match(event.request, { ignoreVary: true });
    if (!kept && kind !== "pages") throw error;
    return kept ?? caches.match(OFFLINE);
  }
}

function mayBeKept(response, kind) {
  return kind !== "pages" || /\bpublic\b/.test(response.headers.get("Cache-Control") ?? "");
}

async function keep(kind, request, response) {
  const kept = await caches.open(kind);
  await kept.delete(request); // what was read last stands last
  await kept.put(request, response);
  const keys = await kept.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST[kind])).map(key => kept.delete(key)));
}
