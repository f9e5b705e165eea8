// Finds the first element that can be seen and hit: by a selector, or among
// buttons, links and their like by the words on it. Answers the point to click,
// or why there is none yet.
(selector, words) => {
  const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0;
  const plain = (text) => (text || "").replace(/\s+/g, " ").trim();
  const named = (e) => [plain(e.innerText), plain(e.getAttribute("aria-label")), plain(e.value)];
  if (document.readyState !== "complete") return { why: "the page is still loading" };
  let found = [...document.querySelectorAll(selector)].filter(seen);
  if (words) {
    const exact = found.filter((e) => named(e).includes(words));
    found = exact.length ? exact : found.filter((e) => named(e).some((n) => n.startsWith(words + " ")));
  }
  if (!found.length) return { why: "nothing like it can be seen" };
  const e = found[0];
  if (e.disabled) return { why: "it is disabled" };
  e.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
  // A picture that comes in view begins to load then, and moves what is below it.
  const near = (i) => i.getBoundingClientRect().bottom > -200 && i.getBoundingClientRect().top < innerHeight + 200;
  if ([...document.images].some((i) => !i.complete && seen(i) && near(i))) return { why: "a picture beside it is still loading" };
  const box = e.getClientRects()[0];
  const at = { x: box.left + box.width / 2, y: box.top + box.height / 2 };
  let hit = document.elementFromPoint(at.x, at.y);
  if (!hit) return { why: "it lies outside the window" };
  const label = e.labels && [...e.labels].some((l) => l.contains(hit));
  if (!(e === hit || e.contains(hit) || label)) {
    return { why: "it is covered by <" + hit.tagName.toLowerCase() + " class=" + hit.className + ">" };
  }
  return at;
}
