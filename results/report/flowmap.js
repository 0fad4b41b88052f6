// The flow map: an SVG map of a county with moving dots on a canvas. It needs nothing but a browser and asks for nothing.
//
//   const map = flowmap(element, data, "zh", {kind: "admission", theme: "light", animate: true, dots: 420});
//   map.language("en"); map.kind("visit"); map.update(data); map.theme("dark"); map.destroy();
//
// data: {outline, nodes, rings, edges, roads, totals, groups, labels: {en, zh}}, as results/report/flowmap.py makes it; x and y are
// kilometres. Only nodes, rings, edges and labels are needed. theme: "light", "dark" or "auto" (as the system says).
// Colours are Okabe and Ito's; shape says the tier as well. Dots rest off screen, in print, when paused, and where less motion is wished.
"use strict";

globalThis.flowmap = (() => {
  const SCALE = 12.5; // pixels of the drawing to a kilometre, at least
  const WIDE = 1000; // pixels of the drawing, where a small place would be drawn smaller: so letters are of one size on the screen
  const EDGE = 4; // kilometres of white around everything
  const NAME = 6; // and on both sides of a hospital outside, for its name
  const WIDEST = 11; // pixels of the largest flow
  const ROUNDEST = 20; // pixels of the largest circle
  const SHOWN_KINDS = ["admission", "visit"];
  const GROUPS = ["var(--fm-group-a)", "var(--fm-group-b)", "var(--fm-group-c)", "var(--fm-group-d)"];
  const STYLE = `
.fm{--fm-back:#fff;--fm-ink:#1f2933;--fm-muted:#55616c;--fm-line:#fff;--fm-land:#f1f4f6;--fm-road:#c4ccd3;--fm-primary:#009E73;--fm-county:#0072B2;
--fm-leaving:#D55E00;--fm-tertiary:#CC79A7;--fm-group-a:#d9ecf8;--fm-group-b:#fbe9c6;--fm-group-c:#dcefe0;--fm-group-d:#eadff0;--fm-hatch:#e3c583;
position:relative;color:var(--fm-ink);background:var(--fm-back);font-size:14px;line-height:1.5}
.fm.fm-dark{--fm-back:#1b2026;--fm-ink:#eceff1;--fm-muted:#a9b4bd;--fm-line:#1b2026;--fm-land:#2a3138;--fm-road:#4a545d;--fm-primary:#3ccfa4;
--fm-county:#5cb3ee;--fm-leaving:#ff9a52;--fm-tertiary:#e6a5c9;--fm-group-a:#233c4d;--fm-group-b:#4a3b1c;--fm-group-c:#26422f;--fm-group-d:#3c2f48;
--fm-hatch:#6b5527}
.fm-bar{display:flex;gap:8px;align-items:center;flex-wrap:wrap;margin:0 0 8px}
.fm-bar button{font:inherit;color:var(--fm-ink);background:var(--fm-back);border:1px solid var(--fm-muted);border-radius:6px;padding:4px 14px;cursor:pointer}
.fm-bar button[aria-pressed=true]{background:var(--fm-county);border-color:var(--fm-county);color:var(--fm-back);font-weight:600}
.fm-bar .fm-dots{margin-left:auto}
.fm-bar button:focus-visible,.fm-item:focus-visible{outline:3px solid var(--fm-leaving);outline-offset:2px}
.fm-stage{position:relative}
.fm-stage svg{display:block;width:100%;height:auto;max-height:86vh}
.fm-stage canvas{position:absolute;left:0;top:0;pointer-events:none}
.fm-stage text{fill:var(--fm-ink);paint-order:stroke;stroke:var(--fm-back);stroke-width:3px;stroke-linejoin:round;pointer-events:none;text-anchor:middle}
.fm-item{cursor:default}
.fm-item.fm-edge:hover .fm-seen,.fm-item.fm-edge:focus .fm-seen{stroke-opacity:.95}
.fm-tip{position:absolute;z-index:2;max-width:280px;padding:6px 10px;border-radius:6px;background:var(--fm-ink);color:var(--fm-back);pointer-events:none;
transform:translate(-50%,calc(-100% - 10px));font-size:13px;white-space:pre-line}
.fm-tip[hidden]{display:none}
.fm-legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:8px 0 4px;padding:0;list-style:none;font-size:13px}
.fm-legend li{display:flex;align-items:center;gap:6px}
.fm-legend svg{width:30px;height:18px;flex:none}
.fm p{margin:4px 0;color:var(--fm-muted);font-size:13px}
@media print{.fm,.fm.fm-dark{--fm-back:#fff;--fm-ink:#1f2933;--fm-muted:#55616c;--fm-line:#fff;--fm-land:#f1f4f6;--fm-road:#c4ccd3;--fm-primary:#009E73;
--fm-county:#0072B2;--fm-leaving:#D55E00;--fm-tertiary:#CC79A7;--fm-group-a:#d9ecf8;--fm-group-b:#fbe9c6;--fm-hatch:#e3c583;
-webkit-print-color-adjust:exact;print-color-adjust:exact}
.fm-stage canvas,.fm-bar .fm-dots,.fm-tip,.fm-help{display:none}.fm-stage svg{max-height:200mm}}`;

  // ---- small tools ----
  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
  const number = (lang) => (amount) => new Intl.NumberFormat(lang).format(amount);

  /** Write a large amount in the counting words of the language: 607.7万, 6.1 million. */
  function short(lang) {
    const many = {notation: "compact", compactDisplay: "long", maximumFractionDigits: 1};
    return (amount) => new Intl.NumberFormat(lang, amount < 10000 ? {} : many).format(amount);
  }

  function make(name, attributes = {}, parent = null, text = null) {
    const spaces = {svg: 1, g: 1, path: 1, circle: 1, rect: 1, text: 1, tspan: 1, line: 1, polygon: 1, defs: 1, pattern: 1, marker: 1};
    const made = spaces[name] ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (text !== null) made.textContent = text;
    if (parent) parent.append(made);
    return made;
  }

  function styled() {
    if (!document.getElementById("flowmap-style")) make("style", {id: "flowmap-style"}, document.head, STYLE);
  }

  /** Break a long name into lines of about `width` letters; a name without spaces stays whole. */
  function lines(name, width) {
    return name.split(" ").reduce((done, word) => {
      const last = done[done.length - 1];
      if (last !== undefined && last.length + word.length < width) done[done.length - 1] = `${last} ${word}`;
      else done.push(word);
      return done;
    }, []);
  }

  // ---- the plane ----
  function plane(data) {
    const named = data.nodes.filter((n) => n.outside).flatMap((n) => [[n.x - NAME, n.y], [n.x + NAME, n.y]]);
    const points = [...(data.outline || []), ...named, ...data.nodes.map((n) => [n.x, n.y]), ...data.rings.map((r) => [r.x, r.y])];
    const xs = points.map((p) => p[0]), ys = points.map((p) => p[1]);
    const left = Math.min(...xs) - EDGE, top = Math.min(...ys) - EDGE - 3;
    const across = Math.max(...xs) + EDGE - left, scale = Math.max(SCALE, WIDE / across);
    const at = (x, y) => [(x - left) * scale, (y - top) * scale];
    return {at, width: across * scale, height: (Math.max(...ys) + EDGE - top) * scale};
  }

  /** A curve from town to facility, bent a little to the left, that ends short of the facility's mark. */
  function curve(from, to, short) {
    const far = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
    const along = [(to[0] - from[0]) / far, (to[1] - from[1]) / far];
    const end = [to[0] - along[0] * Math.min(short, far / 2), to[1] - along[1] * Math.min(short, far / 2)];
    const bend = Math.min(far * 0.14, 46);
    const middle = [(from[0] + end[0]) / 2 + along[1] * bend, (from[1] + end[1]) / 2 - along[0] * bend];
    return {from, middle, end, far};
  }

  const path = (c) => `M${c.from.map(rounded)}Q${c.middle.map(rounded)} ${c.end.map(rounded)}`;
  const rounded = (x) => Math.round(x * 10) / 10;

  function along(c, t) {
    const s = 1 - t;
    return [0, 1].map((i) => s * s * c.from[i] + 2 * s * t * c.middle[i] + t * t * c.end[i]);
  }

  // ---- marks: the shape says the tier ----
  const colour = (tier) => ({village: "var(--fm-primary)", clinic: "var(--fm-primary)", township: "var(--fm-primary)", county: "var(--fm-county)"})[tier] || "var(--fm-tertiary)";
  const way = (edge, nodes) => (edge.leaving ? "leaving" : nodes[edge.to].tier === "county" ? "county" : "primary");

  function mark(node, x, y, parent) {
    const look = {fill: colour(node.tier), stroke: "var(--fm-back)", "stroke-width": 1.5};
    if (node.tier === "village") {
      const open = {fill: "var(--fm-back)", stroke: colour("village"), "stroke-width": 1};
      return make("circle", {cx: x, cy: y, r: 2.2, ...(node.clinics === 0 ? open : {fill: colour("village")})}, parent);
    }
    if (node.tier === "clinic") return make("polygon", {points: shape(x, y, [[0, -5.5], [5, 4], [-5, 4]]), ...look, "fill-opacity": 0.75}, parent);
    if (node.tier === "township") return make("circle", {cx: x, cy: y, r: 6, ...look}, parent);
    const half = node.lead ? 9 : 6.5;
    if (node.tier === "county") return make("rect", {x: x - half, y: y - half, width: 2 * half, height: 2 * half, rx: 1, ...look}, parent);
    return make("polygon", {points: shape(x, y, [[0, -12], [12, 0], [0, 12], [-12, 0]]), ...look}, parent);
  }

  const shape = (x, y, points) => points.map(([a, b]) => `${rounded(x + a)},${rounded(y + b)}`).join(" ");

  // ---- the layers of the drawing, from below ----
  function land(map, svg) {
    const {data, at} = map;
    const defs = make("defs", {}, svg);
    const hatch = make("pattern", {id: `${map.id}-hatch`, width: 9, height: 9, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)"}, defs);
    make("line", {x1: 0, y1: 0, x2: 0, y2: 9, stroke: "var(--fm-hatch)", "stroke-width": 1.6}, hatch);
    const head = make("marker", {id: `${map.id}-head`, viewBox: "0 0 10 10", refX: 7, refY: 5, markerWidth: 11, markerHeight: 11, orient: "auto", markerUnits: "userSpaceOnUse"}, defs);
    make("path", {d: "M0 0L10 5L0 10z", fill: "var(--fm-leaving)"}, head);
    const order = (data.groups || []).map((group) => group.id);
    const points = (ring) => ring.cell.map(([x, y]) => at(x, y).map(rounded).join(",")).join(" ");
    for (const ring of data.rings.filter((one) => one.cell)) {
      const group = order.indexOf(ring.group);
      const plain = {stroke: "var(--fm-line)", "stroke-width": 2.5, "stroke-linejoin": "round"};
      make("polygon", {points: points(ring), fill: group < 0 ? "var(--fm-land)" : GROUPS[group % 4], ...plain}, svg);
      if (group % 2 === 1) make("polygon", {points: points(ring), fill: `url(#${map.id}-hatch)`, "fill-opacity": 0.55}, svg);
    }
    const drawn = (data.roads || []).map(([a, b]) => `M${at(...a).map(rounded)}L${at(...b).map(rounded)}`).join("");
    make("path", {d: drawn, fill: "none", stroke: "var(--fm-road)", "stroke-width": 0.9}, svg);
  }

  function circles(map, svg) {
    const {data, at, kind} = map;
    const own = `own_${kind}`, most = Math.max(...data.rings.map((ring) => ring[own] || 0), 1);
    for (const ring of data.rings) {
      const [cx, cy] = at(ring.x, ring.y);
      const item = focusable(map, svg, "fm-ring", townTitle(map, ring), [cx, cy]);
      const r = rounded(Math.max(Math.sqrt((ring[own] || 0) / most) * ROUNDEST, 7));
      const look = {fill: "var(--fm-primary)", "fill-opacity": 0.2, stroke: "var(--fm-primary)", "stroke-width": 1.2, "stroke-opacity": 0.8};
      make("circle", {cx: rounded(cx), cy: rounded(cy), r, ...look}, item);
    }
  }

  function flows(map, svg) {
    const shown = map.shown;
    const most = Math.max(...shown.map((edge) => edge.count), 1);
    for (const edge of [...shown].sort((a, b) => b.count - a.count)) {
      const item = focusable(map, svg, "fm-edge", edgeTitle(map, edge), along(edge.curve, 0.5));
      const wide = Math.max((edge.count / most) * WIDEST, 0.8);
      const head = edge.leaving ? {"marker-end": `url(#${map.id}-head)`} : {};
      const look = {fill: "none", stroke: `var(--fm-${edge.way})`, "stroke-opacity": 0.42, "stroke-linecap": "butt"};
      make("path", {d: path(edge.curve), "stroke-width": rounded(wide), class: "fm-seen", ...look, ...head}, item);
      make("path", {d: path(edge.curve), "stroke-width": Math.max(wide, 9), fill: "none", stroke: "transparent"}, item);
    }
  }

  function facilities(map, svg) {
    const {data, at} = map;
    const villages = make("g", {}, svg);
    for (const node of data.nodes.filter((one) => one.tier === "village")) {
      const [x, y] = at(node.x, node.y).map(rounded);
      hovered(map, mark(node, x, y, villages), nodeTitle(map, node), [x, y]);
    }
    for (const node of data.nodes.filter((one) => one.tier !== "village")) {
      const [x, y] = at(node.x, node.y).map(rounded);
      const item = focusable(map, svg, "fm-node", nodeTitle(map, node), [x, y]);
      mark(node, x, y, item);
    }
  }

  function names(map, svg) {
    const {data, at, lang} = map;
    const centred = new Set(data.nodes.filter((n) => n.tier === "township" && n.town).map((n) => n.town));
    map.taken = [];
    map.numbered = [];
    for (const node of data.nodes.filter((one) => one.lead || one.outside)) {
      const [x, y] = at(node.x, node.y).map(rounded);
      const said = lines(node.name[lang], node.outside ? 20 : 22);
      if (node.outside && node.kilometres) said.push(fill(map.words.away, {kilometres: node.kilometres}));
      if (node.outside) written(svg, said, x, y - 18 - (said.length - 1) * 16, "middle");
      else written(svg, said, x + (left(map, node) ? -14 : 14), y + 5 - (said.length - 1) * 8, left(map, node) ? "end" : "start");
      const across = Math.max(...said.map(wide)), down = 14 + (said.length - 1) * 16;
      if (node.outside) map.taken.push(room(x, y - 18 - (said.length - 1) * 16, across, down));
      else map.taken.push(room(x + (left(map, node) ? -14 : 14), y + 5 - (said.length - 1) * 8, across, down, left(map, node) ? "end" : "start"));
    }
    townNames(map, svg, centred);
  }

  /** Say whether a hospital stands at the left of its town, where its name then goes as well. */
  const left = (map, node) => node.x < ((map.towns[node.town] || {x: Infinity}).x);

  function written(svg, said, x, y, anchor) {
    const text = make("text", {"font-size": 14, "font-weight": 600, style: `text-anchor:${anchor}`}, svg);
    said.forEach((line, i) => make("tspan", {x, y: y + i * 16}, text, line));
  }

  /** About how wide a word is drawn: Chinese letters are square, others half as wide. */
  const wide = (word) => [...word].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 255 ? 14 : 7.6), 0);

  function room(x, y, width, height, anchor = "middle") {
    const left = anchor === "middle" ? x - width / 2 : anchor === "end" ? x - width : x;
    return [left - 2, y - 13, left + width + 2, y - 13 + height + 2];
  }

  const meet = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

  /** Name the towns, those with most people first; one whose name would lie on another gets a number, and the key below says which. */
  function townNames(map, svg, centred) {
    const rings = [...map.data.rings].sort((a, b) => (b.residents || 0) - (a.residents || 0));
    for (const ring of rings) {
      const [x, y] = map.at(ring.x, ring.y).map(rounded), below = y + (centred.has(ring.id) ? 22 : 5);
      const name = ring.name[map.lang].replace(/[(（](示意|schematic)[)）]/, ""), box = room(x, below, wide(name), 14);
      const free = !map.taken.some((other) => meet(box, other));
      if (!free) map.numbered.push(name);
      const said = free ? name : `${map.numbered.length}`;
      map.taken.push(free ? box : room(x, below, wide(said), 14));
      make("text", {x, y: below, "font-size": 14}, svg, said);
    }
  }

  // ---- what is said of a mark ----
  const townTitle = (map, ring) => [
    fill(map.words.town, {name: ring.name[map.lang], residents: map.number(ring.residents || 0)}),
    fill(map.words[`own_${map.kind}`], {count: map.number(ring[`own_${map.kind}`] || 0)}),
  ].join("\n");
  const edgeTitle = (map, edge) => fill(map.words[`edge_${map.kind}`], {
    from: map.towns[edge.from].name[map.lang], to: map.nodes[edge.to].name[map.lang], count: map.number(edge.count),
  });
  const nodeTitle = (map, node) => fill(node.clinics === 0 ? map.words.no_clinic : map.words.node, {
    name: node.name[map.lang], visits: map.number(node.visits || 0), admissions: map.number(node.admissions || 0),
  });

  function hovered(map, item, title, spot) {
    item.addEventListener("pointerenter", () => tell(map, title, spot));
    item.addEventListener("pointerleave", () => tell(map, null));
    return item;
  }

  function focusable(map, parent, kind, title, spot) {
    const item = make("g", {class: `fm-item ${kind}`, role: "img", "aria-label": title.replace("\n", ", "), tabindex: map.items.length ? -1 : 0}, parent);
    item.addEventListener("focus", () => tell(map, title, spot));
    item.addEventListener("blur", () => tell(map, null));
    map.items.push(item);
    return hovered(map, item, title, spot);
  }

  function tell(map, title, spot) {
    map.tip.hidden = title === null;
    if (title === null) return;
    const box = map.svg.getBoundingClientRect(), stage = map.stage.getBoundingClientRect();
    const part = Math.min(box.width / map.width, box.height / map.height);
    const x = box.left - stage.left + (box.width - map.width * part) / 2 + spot[0] * part;
    map.tip.textContent = title;
    map.tip.style.left = `${Math.min(Math.max(x, 145), Math.max(stage.width - 145, 145))}px`;
    map.tip.style.top = `${box.top - stage.top + (box.height - map.height * part) / 2 + spot[1] * part}px`;
  }

  /** One stop for the tab key; the arrows go from mark to mark. */
  function walk(map, event) {
    const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
    const here = map.items.indexOf(document.activeElement);
    if (!step || here < 0) return;
    event.preventDefault();
    move(map, here, (here + step + map.items.length) % map.items.length);
  }

  function move(map, here, next) {
    map.items[here].setAttribute("tabindex", -1);
    map.items[next].setAttribute("tabindex", 0);
    map.items[next].focus({preventScroll: true});
  }

  // ---- around the drawing: the bar, the legend, the words ----
  function bar(map) {
    const row = make("div", {class: "fm-bar", role: "group", "aria-label": map.words.name}, map.root);
    for (const kind of SHOWN_KINDS) {
      const button = make("button", {type: "button", "aria-pressed": String(kind === map.kind), "data-kind": kind}, row, map.words[kind]);
      button.addEventListener("click", () => { map.kind = kind; draw(map, `[data-kind=${kind}]`); });
    }
    if (map.still.matches || !map.animate) return;
    const dots = make("button", {type: "button", class: "fm-dots"}, row, map.words[map.paused ? "play" : "pause"]);
    dots.addEventListener("click", () => {
      map.paused = !map.paused;
      dots.textContent = map.words[map.paused ? "play" : "pause"];
      wake(map);
    });
  }

  function legend(map) {
    const list = make("ul", {class: "fm-legend"}, map.root);
    const entry = (text, put) => {
      const item = make("li", {}, list);
      put(make("svg", {viewBox: "0 0 30 18", "aria-hidden": "true"}, item));
      make("span", {}, item, text);
    };
    const seen = new Set(map.data.nodes.map((node) => (node.outside ? "outside" : node.tier)));
    const marks = {village: {tier: "village", clinics: 1}, clinic: {tier: "clinic"}, township: {tier: "township"}, county: {tier: "county"}, outside: {tier: "outside"}};
    for (const [key, node] of Object.entries(marks)) if (seen.has(key)) entry(map.words[key], (svg) => mark(node, 15, 9, svg));
    if (map.data.nodes.some((n) => n.clinics === 0)) entry(map.words.without, (svg) => mark({tier: "village", clinics: 0}, 15, 9, svg));
    const line = (kind, wide) => (svg) => make("path", {d: "M1 9H29", stroke: `var(--fm-${kind})`, "stroke-width": wide, "stroke-opacity": 0.6}, svg);
    const ways = new Set(map.shown.map((edge) => edge.way));
    for (const kind of ["primary", "county", "leaving"]) if (ways.has(kind)) entry(map.words[`to_${kind === "leaving" ? "outside" : kind}`], line(kind, 4));
    const most = Math.max(...map.shown.map((edge) => edge.count), 0);
    const round = 10 ** Math.floor(Math.log10(Math.max(most, 1)));
    if (most) entry(fill(map.words.width, {count: short(map.lang)(round)}), line("county", (round / most) * WIDEST));
    entry(map.words.own_circle, (svg) => make("circle", {cx: 15, cy: 9, r: 8, fill: "var(--fm-primary)", "fill-opacity": 0.2, stroke: "var(--fm-primary)"}, svg));
    (map.data.groups || []).forEach((group, i) => entry(group.name[map.lang], (svg) => {
      make("rect", {x: 3, y: 2, width: 24, height: 14, fill: GROUPS[i % 4]}, svg);
      if (i % 2 === 1) make("rect", {x: 3, y: 2, width: 24, height: 14, fill: `url(#${map.id}-hatch)`}, svg);
    }));
  }

  function words(map) {
    const totals = (map.data.totals || {})[map.kind];
    const told = totals ? Object.fromEntries(Object.entries(totals).map(([key, value]) => [key, short(map.lang)(value)])) : null;
    if (map.numbered.length) make("p", {class: "fm-key"}, map.root, map.numbered.map((name, i) => `${i + 1} ${name}`).join(map.lang === "zh" ? "；" : "; "));
    if (told) make("p", {}, map.root, fill(map.words.rest, {...told, edges: map.number(map.shown.length)}));
    make("p", {class: "fm-schematic"}, map.root, map.words.schematic);
    make("p", {class: "fm-help"}, map.root, map.words.help);
  }

  // ---- drawing it all ----
  function draw(map, focus = null) {
    const {data, lang} = map;
    const last = (map.items || []).indexOf(document.activeElement);
    Object.assign(map, {words: data.labels[lang], number: number(lang), items: [], ...plane(data)});
    map.nodes = Object.fromEntries(data.nodes.map((node) => [node.id, node]));
    map.towns = Object.fromEntries(data.rings.map((ring) => [ring.id, ring]));
    map.shown = data.edges.filter((edge) => edge.kind === map.kind).map((edge) => {
      const from = map.towns[edge.from], to = map.nodes[edge.to];
      const bent = curve(map.at(from.x, from.y), map.at(to.x, to.y), to.outside ? 17 : 9);
      return {...edge, curve: bent, way: way(edge, map.nodes)};
    });
    map.root.replaceChildren();
    bar(map);
    map.stage = make("div", {class: "fm-stage"}, map.root);
    map.svg = make("svg", {viewBox: `0 0 ${Math.ceil(map.width)} ${Math.ceil(map.height)}`, role: "group", "aria-label": `${map.words.name}. ${map.words.schematic}`}, map.stage);
    map.canvas = make("canvas", {"aria-hidden": "true"}, map.stage);
    map.tip = make("div", {class: "fm-tip", hidden: ""}, map.stage);
    for (const layer of [land, circles, flows, facilities, names]) layer(map, map.svg);
    map.svg.addEventListener("keydown", (event) => walk(map, event));
    legend(map);
    words(map);
    scatter(map);
    fit(map);
    watch(map);
    if (focus) map.root.querySelector(focus).focus();
    else if (last >= 0 && map.items.length) move(map, 0, last % map.items.length);
  }

  // ---- the dots ----
  function scatter(map) {
    const whole = map.shown.reduce((sum, edge) => sum + edge.count, 0) || 1;
    map.dots = [];
    for (const edge of map.shown) {
      const count = Math.max(Math.round((edge.count / whole) * map.many), 1);
      for (let i = 0; i < count; i += 1) {
        map.dots.push({edge, start: ((i + ((map.dots.length * 0.618) % 1)) / count) % 1, speed: 46 / edge.curve.far});
      }
    }
  }

  function fit(map) {
    const box = map.svg.getBoundingClientRect(), sharp = Math.min(globalThis.devicePixelRatio || 1, 2);
    const part = Math.min(box.width / map.width, box.height / map.height) || 0;
    Object.assign(map.canvas, {width: Math.round(box.width * sharp), height: Math.round(box.height * sharp)});
    Object.assign(map.canvas.style, {width: `${box.width}px`, height: `${box.height}px`});
    map.view = {part: part * sharp, left: ((box.width - map.width * part) / 2) * sharp, top: ((box.height - map.height * part) / 2) * sharp};
    const look = getComputedStyle(map.root);
    map.ways = Object.fromEntries(["primary", "county", "leaving"].map((kind) => [kind, look.getPropertyValue(`--fm-${kind}`).trim()]));
  }

  function paint(map, seconds) {
    const pen = map.canvas.getContext("2d"), {part, left, top} = map.view;
    pen.clearRect(0, 0, map.canvas.width, map.canvas.height);
    for (const kind of Object.keys(map.ways)) {
      pen.fillStyle = map.ways[kind];
      pen.beginPath();
      for (const dot of map.dots) {
        if (dot.edge.way !== kind) continue;
        const [x, y] = along(dot.edge.curve, (dot.start + seconds * dot.speed) % 1);
        pen.moveTo(left + x * part + 2.1 * part, top + y * part);
        pen.arc(left + x * part, top + y * part, 2.1 * part, 0, 2 * Math.PI);
      }
      pen.fill();
    }
  }

  const moving = (map) => map.animate && !map.paused && !map.still.matches && map.onScreen && !document.hidden && !map.gone;

  function wake(map) {
    if (map.frame || !moving(map)) return;
    const step = (now) => {
      map.frame = 0;
      if (!moving(map)) return;
      paint(map, now / 1000);
      map.frame = requestAnimationFrame(step);
    };
    map.frame = requestAnimationFrame(step);
  }

  function watch(map) {
    map.watchers.forEach((watcher) => watcher.disconnect());
    const seen = new IntersectionObserver((entries) => {
      map.onScreen = entries[entries.length - 1].isIntersecting;
      wake(map);
    });
    const sized = new ResizeObserver(() => fit(map));
    seen.observe(map.stage);
    sized.observe(map.svg);
    map.watchers = [seen, sized];
  }

  function themed(map) {
    map.root.classList.toggle("fm-dark", map.look === "dark" || (map.look === "auto" && map.dark.matches));
    if (map.svg) fit(map);
  }

  let count = 0;

  /** Draw a flow map into an element; see the head of this file. */
  return function flowmap(element, data, lang, options = {}) {
    styled();
    count += 1;
    const asked = (query) => globalThis.matchMedia(query);
    const map = {
      id: `fm${count}`, data, lang, kind: options.kind || "admission", look: options.theme || "light", animate: options.animate !== false,
      many: options.dots || 420, paused: false, onScreen: false, gone: false, frame: 0, watchers: [],
      still: asked("(prefers-reduced-motion: reduce)"), dark: asked("(prefers-color-scheme: dark)"), root: make("div", {class: "fm"}),
    };
    const again = () => draw(map), shown = () => wake(map), recoloured = () => themed(map);
    element.replaceChildren(map.root);
    themed(map);
    draw(map);
    map.still.addEventListener("change", again);
    map.dark.addEventListener("change", recoloured);
    document.addEventListener("visibilitychange", shown);
    return {
      language(next) { map.lang = next; draw(map); },
      kind(next) { map.kind = next; draw(map); },
      theme(next) { map.look = next; themed(map); },
      update(next) { map.data = next; draw(map); },
      destroy() {
        map.gone = true;
        map.watchers.forEach((watcher) => watcher.disconnect());
        map.still.removeEventListener("change", again);
        map.dark.removeEventListener("change", recoloured);
        document.removeEventListener("visibilitychange", shown);
        map.root.remove();
      },
    };
  };
})();
