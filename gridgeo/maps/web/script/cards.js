  // ---- the card of a zone: what it holds, its limits, what was not met, the way to its parent, parts and neighbours

  const MOST_CHIPS = 40;

  // Opens the card of a zone, or closes it (null); buildings are those that were clicked.
  function choose(zone, {buildings = [], findings = [], go = false} = {}) {
    state.chosen = zone;
    state.clicked = {buildings, findings};
    showCard();
    if (zone && go) lookAt(state.plan.tiers[zone.depth].box[zone.row]);
    state.layer.relabel();
    keepAddress();
  }

  function showCard() {
    const card = byId("card"),
      zone = state.chosen,
      {buildings = [], findings = []} = state.clicked || {};
    card.hidden = !zone && !findings.length;
    document.body.classList.toggle("gridgeo-open", !card.hidden);
    card.replaceChildren();
    if (card.hidden) return;
    card.append(
      element("button", {
        className: "gridgeo-close",
        textContent: "×",
        title: words("page_close"),
        ariaLabel: words("page_close"),
        onclick: () => choose(null),
      }),
    );
    findings.forEach((row) => card.append(findingPart(row)));
    if (!zone) return;
    card.append(...zoneParts(zone));
    buildings.forEach((i) => card.append(buildingPart(i)));
    card.append(...waysOn(zone));
    card.scrollTop = 0;
  }

  function zoneParts(zone) {
    const {depth, row} = zone,
      tier = state.plan.tiers[depth],
      dedicated = tier.dedicated[row];
    const parts = [
      element("h2", {textContent: zoneTitle(zone)}),
      element("p", {className: "gridgeo-quiet", textContent: `${words("map_code")} ${tier.code[row]}`}),
    ];
    if (tier.name[row]) parts.push(element("p", {className: "gridgeo-name", textContent: tier.name[row]}));
    if (dedicated) parts.push(element("p", {textContent: words("kind_dedicated")}));
    for (const [load, values] of Object.entries(tier.loads)) parts.push(loadPart(tier, row, load, values[row]));
    parts.push(
      table([
        [words("map_households"), tier.unknown[row] ? words("page_unknown", {n: tier.unknown[row]}) : ""],
        [words("map_buildings"), number(tier.buildings[row])],
        [words("map_area"), hectares(tier.area[row])],
      ]),
    );
    return [...parts, ...unmetParts(tier.code[row])];
  }

  // What a zone holds of a load, as a bar between the limits, and in words whether it keeps them.
  function loadPart(tier, row, load, value) {
    const name = load === "households" ? words("map_households") : load,
      limit = tier.limits.find((own) => own[0] === load);
    const part = element("div", {className: "gridgeo-load"}, element("b", {textContent: `${number(value)} `}), name);
    if (!limit || tier.dedicated[row] || value === null) return part;
    const [, low, high] = limit,
      most = Math.max(high * 1.3, value) || 1,
      bad = value < low || value > high;
    const verdict =
      value < low
        ? words("page_below", {n: low - value})
        : value > high
          ? words("page_above", {n: value - high})
          : words("page_within");
    const bar = element("div", {className: "gridgeo-bar"}, element("i"), element("u"), element("u"));
    bar.children[0].style.width = `${(100 * value) / most}%`;
    [low, high].forEach((at, k) => {
      bar.children[k + 1].style.left = `${(100 * at) / most}%`;
    });
    part.classList.toggle("gridgeo-bad", bad);
    part.append(
      bar,
      element("p", {
        className: "gridgeo-verdict",
        textContent: `${words("page_limits", {low: number(low), high: number(high)})} · ${verdict}`,
      }),
    );
    return part;
  }

  function table(rows) {
    const list = element("dl");
    rows
      .filter(([, value]) => value !== "")
      .forEach(([head, value]) => list.append(element("dt", {textContent: head}), element("dd", {textContent: value})));
    return list;
  }

  function unmetParts(code) {
    const notes = state.values.notes
      .filter((note) => note[0] === code)
      .map(([, , zh, en]) => (state.lang === "zh" ? zh : en));
    return notes.map((text) =>
      element("p", {className: "gridgeo-note"}, element("b", {textContent: `${words("page_unmet")} `}), text),
    );
  }

  function findingPart(row) {
    const [severity, rule, code, zh, en] = state.findings.rows[row],
      name = SEVERITIES[severity];
    return element(
      "div",
      {className: `gridgeo-finding gridgeo-${name}`},
      element("b", {textContent: words("severity_" + name)}),
      element("p", {textContent: state.lang === "zh" ? zh : en}),
      element("p", {className: "gridgeo-quiet", textContent: [rule, code].filter(Boolean).join(" · ")}),
    );
  }

  function buildingPart(i) {
    const g = state.buildings;
    return element(
      "div",
      {className: "gridgeo-building"},
      element("h3", {textContent: [words("map_building"), g.names[g.nameOf[i]]].filter(Boolean).join(" ")}),
      table([
        [words("map_id"), buildingId(i)],
        [words("map_unit"), g.units[g.unitOf[i]]],
        [words("map_households"), g.households[i] ? number(g.households[i] - 1) : "–"],
      ]),
    );
  }

  function waysOn(zone) {
    const {depth, row} = zone,
      tier = state.plan.tiers[depth],
      parts = [];
    const group = (title, depthOf, rows) => {
      if (rows.length)
        parts.push(
          element(
            "div",
            {className: "gridgeo-chips"},
            element("span", {textContent: title}),
            ...rows.slice(0, MOST_CHIPS).map((own) => chip({depth: depthOf, row: own})),
          ),
        );
    };
    if (tier.parent[row] >= 0) group(words("page_part_of"), depth - 1, [tier.parent[row]]);
    group(words("page_neighbours"), depth, neighboursOf(zone));
    group(words("page_parts"), depth + 1, childrenOf(zone));
    const turn = (step) => ({depth, row: (row + step + tier.code.length) % tier.code.length});
    parts.push(
      element(
        "div",
        {className: "gridgeo-turn"},
        element("button", {textContent: `‹ ${words("page_back")}`, onclick: () => choose(turn(-1), {go: true})}),
        element("button", {textContent: `${words("page_next")} ›`, onclick: () => choose(turn(1), {go: true})}),
      ),
    );
    return parts;
  }

  function chip(zone) {
    const tier = state.plan.tiers[zone.depth],
      held = tier.loads.households;
    const button = element(
      "button",
      {onclick: () => choose(zone, {go: true}), title: zoneTitle(zone)},
      tier.label[zone.row],
    );
    if (held) button.append(element("small", {textContent: number(held[zone.row])}));
    return button;
  }

  // Moves the map only where the box is not in view, and zooms only where it is too large or too small to be seen.
  function lookAt(box) {
    const map = state.map,
      bounds = L.latLngBounds(latLngOf(box[0], box[1]), latLngOf(box[2], box[3]));
    const wanted = map.getBoundsZoom(bounds.pad(0.6)),
      zoom = map.getZoom();
    const room = {
      paddingTopLeft: [state.wide ? 320 : 20, state.wide ? 20 : 90],
      paddingBottomRight: [20, state.wide ? 20 : map.getSize().y * 0.5],
    };
    if (zoom < wanted - 2 || zoom > wanted + 1) map.fitBounds(bounds, {...room, maxZoom: Math.min(19, wanted)});
    else map.panInside(bounds.getCenter(), room);
  }

  function findingsAt(x, y, near) {
    if (!state.findings) return [];
    const {rows, areas, lines, points} = state.findings,
      found = new Set();
    const isShown = (row) => state.shown["faults_" + SEVERITIES[rows[row][0]]];
    const close = (g, from, to) => {
      for (let p = from; p < to; p++) if (distance(x, y, g, p, Math.min(p + 1, to - 1)) < near) return true;
      return false;
    };
    areas.row.forEach((row, i) => {
      let odd = false;
      for (let ring = areas.rings[i]; ring < areas.rings[i + 1]; ring++) {
        const p = areas.start[ring],
          q = areas.start[ring + 1];
        if (close(areas, p, q)) {
          odd = true;
          break;
        }
        if (
          isOdd(areas, p, q, x, y) !==
          isOdd({x: [areas.x[q - 1], areas.x[p]], y: [areas.y[q - 1], areas.y[p]]}, 0, 2, x, y)
        )
          odd = !odd;
      }
      if (odd && isShown(row)) found.add(row);
    });
    for (const group of [lines, points])
      group.row.forEach((row, i) => {
        if (isShown(row) && close(group, group.start[i], group.start[i + 1])) found.add(row);
      });
    return [...found].sort((a, b) => rows[a][0] - rows[b][0] || a - b).slice(0, 5);
  }

  function distance(x, y, g, p, q) {
    const dx = g.x[q] - g.x[p],
      dy = g.y[q] - g.y[p],
      length = dx * dx + dy * dy;
    const t = length ? Math.max(0, Math.min(1, ((x - g.x[p]) * dx + (y - g.y[p]) * dy) / length)) : 0;
    return Math.hypot(x - g.x[p] - t * dx, y - g.y[p] - t * dy);
  }
