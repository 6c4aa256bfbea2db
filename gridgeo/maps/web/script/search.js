  // ---- search by code, name, building, street

  const MOST_FOUND = 30;

  // How well a text fits: 0 equal, 1 begins so, 2 ends so, 3 holds it; null not at all.
  function fit(text, wanted) {
    if (!text) return null;
    const at = text.indexOf(wanted);
    if (at < 0) return null;
    if (text.length === wanted.length) return 0;
    return at === 0 ? 1 : text.endsWith(wanted) ? 2 : 3;
  }

  const lower = (texts) => texts.map((text) => text.toLowerCase());

  // [{kind, text, code, lon, lat}], the best first: zones, then streets, then buildings of an equal fit.
  function searched(text) {
    const wanted = text.trim().toLowerCase();
    if (!wanted || !state.plan) return [];
    const found = [...zonesFound(wanted), ...streetsFound(wanted), ...buildingsFound(wanted)];
    found.sort((a, b) => a.fit - b.fit || a.order - b.order);
    return found.slice(0, MOST_FOUND).map((entry) => entry.tell());
  }

  function told(kind, text, x, y, zone) {
    const {lng, lat} = latLngOf(x, y),
      tier = zone && state.plan.tiers[zone.depth];
    return {kind, text, code: zone ? tier.code[zone.row] : "", lon: lng, lat};
  }

  function* zonesFound(wanted) {
    const {tiers} = state.plan;
    for (let depth = 0; depth < tiers.length; depth++) {
      const tier = tiers[depth];
      tier.lower = tier.lower || [lower(tier.code), lower(tier.label), lower(tier.name)];
      for (let row = 0; row < tier.code.length; row++) {
        const fits = tier.lower.map((texts) => fit(texts[row], wanted)).filter((own) => own !== null);
        if (!fits.length) continue;
        const tell = () => {
          const [x, y] = insideOf({depth, row});
          return told(tier.key, [zoneTitle({depth, row}), tier.name[row]].filter(Boolean).join(" "), x, y, {
            depth,
            row,
          });
        };
        yield {fit: Math.min(...fits), order: depth, tell};
      }
    }
  }

  function* streetsFound(wanted) {
    const g = state.ground && state.ground.streets;
    if (!g) return;
    g.lower = g.lower || lower(g.names);
    const names = g.lower.map((name) => fit(name, wanted)),
      longest = new Map();
    for (let i = 0; i < g.nameOf.length; i++) {
      if (names[g.nameOf[i]] === null) continue;
      const size = g.start[i + 1] - g.start[i],
        known = longest.get(g.nameOf[i]);
      if (known === undefined || size > g.start[known + 1] - g.start[known]) longest.set(g.nameOf[i], i);
    }
    for (const [name, i] of longest) {
      const p = (g.start[i] + g.start[i + 1]) >> 1;
      yield {
        fit: names[name],
        order: 10,
        tell: () => told("street", g.names[name], g.x[p], g.y[p], zoneAt(g.x[p], g.y[p])),
      };
    }
  }

  function* buildingsFound(wanted) {
    const g = state.buildings;
    if (!g) return;
    g.lower = g.lower || {ids: Array.from(g.number, (_, i) => buildingId(i).toLowerCase()), names: lower(g.names)};
    const names = g.lower.names.map((name) => fit(name, wanted));
    let left = 5000;
    for (let i = 0; i < g.number.length && left > 0; i++) {
      const id = fit(g.lower.ids[i], wanted),
        name = names[g.nameOf[i]],
        best = id === null ? name : name === null ? id : Math.min(id, name);
      if (best === null) continue;
      left--;
      const tell = () => {
        const [x, y] = middleOf(g.tree[0].subarray(4 * i, 4 * i + 4)),
          depth = state.plan.tiers.length - 1;
        return told(
          "building",
          [g.names[g.nameOf[i]], buildingId(i), g.units[g.unitOf[i]]].filter(Boolean).join(" "),
          x,
          y,
          g.zone[i] < 0 ? null : {depth, row: g.zone[i]},
        );
      };
      yield {fit: best, order: 20, tell};
    }
  }

  // A point inside a zone: the middle of its box if that lies in it, else of the widest stretch on a line through it.
  function insideOf({depth, row}) {
    const {arcs, tiers} = state.plan,
      {start, x, y} = arcs,
      box = tiers[depth].box[row],
      level = (box[1] + box[3]) / 2 + 0.37,
      xs = [];
    for (const ref of tiers[depth].rings[row]) {
      if (ref < 0) continue;
      for (let p = start[ref >> 1] + 1; p < start[(ref >> 1) + 1]; p++) {
        if (y[p - 1] > level !== y[p] > level)
          xs.push(x[p - 1] + ((level - y[p - 1]) * (x[p] - x[p - 1])) / (y[p] - y[p - 1]));
      }
    }
    xs.sort((a, b) => a - b);
    let best = [0, (box[0] + box[2]) / 2];
    for (let i = 0; i + 1 < xs.length; i += 2)
      if (xs[i + 1] - xs[i] > best[0]) best = [xs[i + 1] - xs[i], (xs[i] + xs[i + 1]) / 2];
    return [best[1], level];
  }

  function zoneOfCode(code) {
    const {tiers} = state.plan;
    for (let depth = tiers.length - 1; depth >= 0; depth--) {
      const row = tiers[depth].code.indexOf(code);
      if (row >= 0) return {depth, row};
    }
    return null;
  }

  function goTo(entry) {
    const zone = entry.code ? zoneOfCode(entry.code) : null,
      isZone = entry.kind !== "street" && entry.kind !== "building";
    if (isZone) {
      choose(zone, {go: true});
      return;
    }
    const at = L.latLng(entry.lat, entry.lon),
      [x, y] = ticksOf(at);
    state.map.setView(at, Math.max(state.map.getZoom(), entry.kind === "building" ? 18 : 16.5));
    choose(zone, {buildings: buildingsAt(x, y)});
    beacon(at);
  }

  // A ring that fades shows where something was found.
  function beacon(at) {
    if (state.beacon) state.beacon.remove();
    state.beacon = L.circleMarker(at, {radius: 16, color: "#b3261e", weight: 4, fill: false, interactive: false}).addTo(
      state.map,
    );
    setTimeout(() => {
      if (state.beacon) state.beacon.remove();
      state.beacon = null;
    }, 4000);
  }

  function showFound(entries, text) {
    const list = byId("found");
    const line = (entry) =>
      element(
        "button",
        {
          onclick: () => {
            list.replaceChildren();
            goTo(entry);
          },
        },
        entry.text,
        element("small", {textContent: kindTitle(entry.kind)}),
      );
    list.replaceChildren(
      ...(entries.length ? entries.map(line) : text.trim() ? [element("p", {textContent: words("page_nothing")})] : []),
    );
    state.layer.relabel();
  }

  function kindTitle(kind) {
    if (kind === "street") return words("role_streets");
    if (kind === "building") return words("map_building");
    const tier = state.plan.tiers.find((own) => own.key === kind);
    return tier ? tier.title[state.lang] : kind;
  }
