// What the report does in the browser: draws its pictures, and speaks English or Chinese.
(function () {
  "use strict";
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const facts = read("facts-data"), pictures = read("pictures-data"), map = read("map-data");
  const page = document.documentElement;
  const language = () => Object.keys(facts.languages).find((lang) => facts.languages[lang] === page.lang);
  const PAPER = 660;  // width in pixels of what is printed on A4
  const LEAST = 600;  // width below which a picture's words would lie on one another; a narrower room scrolls

  // Figures are drawn at the width of their room, or of the paper.
  function draw(place, lang, width) {
    const figure = pictures[place.dataset.picture][lang];
    const layout = Object.assign({}, figure.layout, { width: width, autosize: false });
    // A flow diagram that is changed moves to its new shape, and paper would catch it on the way; drawn anew it stands at once.
    const anew = figure.data.some((trace) => trace.type === "sankey");
    const drawing = anew ? window.Plotly.newPlot : window.Plotly.react;
    return drawing(place, structuredClone(figure.data), structuredClone(layout), { displayModeBar: false, responsive: false });
  }

  let mapped = null;
  function drawMap(lang) {
    const place = document.getElementById("flowmap");
    if (mapped) {
      mapped.language(lang);
    } else if (place && map) {
      mapped = flowmap(place, map, lang);
    }
  }

  function drawAll(paper) {
    const lang = language();
    const drawn = Array.from(document.querySelectorAll("[data-picture]"), (place) => draw(place, lang, paper || Math.max(place.clientWidth, LEAST)));
    return Promise.all(drawn);
  }

  // Words stand in the page in every language; the style sheet shows those of the page's own.
  function speak(lang) {
    page.lang = facts.languages[lang];
    document.title = facts.titles[lang];
    for (const place of document.querySelectorAll("[data-label-" + lang + "]")) {
      place.setAttribute("aria-label", place.getAttribute("data-label-" + lang));
    }
    document.getElementById("printed").textContent = "@page { @top-left { content: " + JSON.stringify(facts.label[lang]) + "; } }";
  }

  function show(lang) {
    delete page.dataset.drawn;
    speak(lang);
    drawMap(lang);
    return drawAll().then(() => { page.dataset.drawn = lang; });
  }

  const others = () => Object.keys(facts.languages).filter((lang) => lang !== language());
  document.getElementById("switch").addEventListener("click", () => show(others()[0]));
  // Four pages are printed; the annex with all pictures and tables is printed where it is asked for.
  const annex = document.getElementById("annex");
  annex.addEventListener("click", () => {
    const asked = page.toggleAttribute("data-annex");
    annex.setAttribute("aria-pressed", String(asked));
  });
  for (const button of document.querySelectorAll("[data-unfold]")) {
    const folds = () => Array.from(document.querySelectorAll("#" + button.dataset.unfold + " details"));
    button.addEventListener("click", () => {
      const open = folds().some((fold) => !fold.open);
      folds().forEach((fold) => { fold.open = open; });
    });
  }
  let late = 0;
  window.addEventListener("resize", () => { clearTimeout(late); late = setTimeout(() => drawAll(), 150); });
  window.addEventListener("beforeprint", () => { drawAll(PAPER); });
  window.addEventListener("afterprint", () => { drawAll(); });
  show(language());
})();
