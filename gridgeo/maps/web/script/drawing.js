  // ---- what a view shows at its scale: zones, ground, buildings, borders, findings, from below to above

  // Below these scales [px a metre] a thing is left out.
  const FROM = {
    buildings: 0.3,
    shapes: 0.75,
    outlines: 1.1,
    streetEdges: 0.6,
    waterways: 0.12,
    railways: 0.03,
    barriers: 0.4,
    compounds: 0.25,
  };
  const DASHES_FROM = 0.12;
  const ZONE_PX = 22; // smaller zones [px across] give way to coarser ones
  const STREET_WIDTHS = [14, 13, 11, 9, 8, 6, 5, 3]; // by rank [m]
  const STREETS_SHOWN = [
    [0.06, 3],
    [0.2, 4],
    [0.65, 7],
    [Infinity, 8],
  ]; // up to a scale, ranks below
  const BATCH = 150,
    ZONE_BATCH = 30,
    BORDER_BATCH = 80; // shapes a path

  // Depths of the tiers whose zones are large enough to be seen, and switched on, from coarse to fine.
  function depthsShown(scale) {
    const {plan, plane} = state,
      on = plan.tiers.map((_, depth) => depth).filter((depth) => state.shown[plan.tiers[depth].key]);
    const fine = on.filter((depth) => Math.sqrt(plane.area / plan.tiers[depth].code.length) * scale >= ZONE_PX);
    return fine.length ? fine : on.slice(0, 1);
  }

  const fillOf = (tier, row) => {
    const {fills, greys} = state.values.style;
    if (state.grey) return greys[tier.grey[row] % greys.length];
    return typeof tier.fill[row] === "number" ? fills[tier.fill[row]] : tier.fill[row];
  };

  const roleStyle = (role) => (state.grey ? GREY_ROLES[role] || {} : {});
  const GREY_ROLES = {water: {fill: "#ffffff", line: "#444444"}, waterways: {line: "#555555"}};
  const styleOf = (role) => ({...state.values.style.roles[role], ...roleStyle(role)});

  function paint(pen, view) {
    const box = boxOfView(view),
      depths = depthsShown(view.scale),
      on = state.shown;
    pen.lineJoin = view.metre > 1.2 ? "round" : "bevel";
    pen.lineCap = view.metre > 0.6 ? "round" : "butt";
    if (depths.length) paintZones(pen, view, box, depths[depths.length - 1]);
    if (state.ground) paintGround(pen, view, box);
    if (state.buildings && on.buildings && view.metre > FROM.buildings) paintBuildings(pen, view, box);
    pen.lineJoin = "round";
    depths
      .slice()
      .reverse()
      .forEach((depth, rank) => paintBorders(pen, view, box, {depth, rank, finest: depths[depths.length - 1]}));
    if (state.ground && state.ground.communities && on.communities)
      paintLines(pen, view, box, "communities", Math.max(1.4, Math.min(2.4, view.metre * 6)));
    if (state.findings) paintFindings(pen, view);
  }

  // Zones of one colour go together, but not too many: a path of thousands of rings is slow.
  function paintZones(pen, view, box, depth) {
    const tier = state.plan.tiers[depth],
      arcs = thinned(state.plan.arcs, view.scale),
      byFill = new Map(),
      hatched = [];
    for (let row = 0; row < tier.code.length; row++) {
      if (!meets(tier.box[row], box)) continue;
      const fill = fillOf(tier, row);
      if (!byFill.has(fill)) byFill.set(fill, []);
      byFill.get(fill).push(row);
      if (tier.dedicated[row]) hatched.push(row);
    }
    const fillAll = (rows, style) => {
      pen.fillStyle = style;
      inBatches(
        pen,
        (flush) =>
          rows.forEach((row) => {
            traceRings(pen, view, arcs, tier.rings[row]);
            flush(ZONE_BATCH);
          }),
        () => pen.fill("evenodd"),
      );
    };
    pen.globalAlpha = state.overTiles ? 0.55 : 1;
    byFill.forEach(fillAll);
    if (hatched.length) fillAll(hatched, hatch(pen));
    pen.globalAlpha = 1;
  }

  // Closed rings of arcs as one path.
  function traceRings(pen, {scale, left, upper}, {start, x, y}, rings) {
    let open = false;
    for (const ref of rings) {
      if (ref < 0) {
        pen.closePath();
        open = false;
        continue;
      }
      const arc = ref >> 1,
        step = ref & 1 ? -1 : 1,
        end = ref & 1 ? start[arc] - 1 : start[arc + 1];
      for (let p = (ref & 1 ? start[arc + 1] - 1 : start[arc]) + (open ? step : 0); p !== end; p += step) {
        if (open) pen.lineTo(x[p] * scale - left, y[p] * scale - upper);
        else {
          pen.moveTo(x[p] * scale - left, y[p] * scale - upper);
          open = true;
        }
      }
    }
  }

  function traceLine(pen, {scale, left, upper}, {x, y}, from, to) {
    if (from >= to) return;
    pen.moveTo(x[from] * scale - left, y[from] * scale - upper);
    for (let p = from + 1; p < to; p++) pen.lineTo(x[p] * scale - left, y[p] * scale - upper);
  }

  // Borders of a tier that are none of a coarser one; each arc once. Arcs that follow one another are one line, else joints gape.
  function paintBorders(pen, view, box, {depth, rank, finest}) {
    const plan = state.plan,
      tier = plan.tiers[depth],
      arcs = thinned(plan.arcs, view.scale),
      refs = [],
      edge = [];
    for (let row = 0; row < tier.code.length; row++) {
      if (!meets(tier.box[row], box)) continue;
      for (const ref of tier.rings[row]) {
        if (ref < 0) continue;
        const other = otherSide(plan, depth, ref);
        if (other < 0) edge.push(ref);
        else if (!(ref & 1)) refs.push(ref);
      }
    }
    const thin = Math.max(0.5, Math.min(1.2, view.metre * 2.4));
    const width = rank === 0 ? thin : thin + 1.1 * rank + 0.5;
    const line = (style, thick) => {
      pen.strokeStyle = style;
      pen.lineWidth = thick;
      for (const own of [refs, edge])
        for (let i = 0; i < own.length; i += BORDER_BATCH) {
          pen.beginPath();
          chain(pen, view, arcs, own.slice(i, i + BORDER_BATCH));
          pen.stroke();
        }
    };
    if (rank > 0 && view.metre > 0.15) line("#f6f6f4", width + 2.4);
    line(rank === 0 && finest > 0 ? "#5a5a5a" : state.values.style.border, width);
  }

  function chain(pen, {scale, left, upper}, {start, x, y}, refs) {
    let lastX = NaN,
      lastY = NaN;
    for (const ref of refs) {
      const arc = ref >> 1,
        step = ref & 1 ? -1 : 1,
        end = ref & 1 ? start[arc] - 1 : start[arc + 1];
      let p = ref & 1 ? start[arc + 1] - 1 : start[arc];
      if (x[p] !== lastX || y[p] !== lastY) pen.moveTo(x[p] * scale - left, y[p] * scale - upper);
      for (p += step; p !== end; p += step) pen.lineTo(x[p] * scale - left, y[p] * scale - upper);
      lastX = x[end - step];
      lastY = y[end - step];
    }
  }

  function paintGround(pen, view, box) {
    const {ground, shown} = state,
      {metre} = view;
    if (ground.water && shown.water) paintWater(pen, view, box);
    if (ground.waterways && shown.waterways && metre > FROM.waterways)
      paintLines(pen, view, box, "waterways", Math.max(0.8, 2.5 * metre));
    if (ground.streets && shown.streets) paintStreets(pen, view, box);
    if (ground.railways && shown.railways && metre > FROM.railways) paintRailways(pen, view, box);
    if (ground.barriers && shown.barriers && metre > FROM.barriers) paintLines(pen, view, box, "barriers", 1.1);
    if (ground.compounds && shown.compounds && metre > FROM.compounds) paintLines(pen, view, box, "compounds", 1.2);
  }

  function paintWater(pen, view, box) {
    const g = state.ground.water,
      lines = thinned(g, view.scale),
      small = 7 / view.scale,
      boxes = g.tree[0];
    const style = styleOf("water");
    pen.fillStyle = style.fill;
    pen.strokeStyle = style.line;
    pen.lineWidth = 0.6;
    inBatches(
      pen,
      (flush) =>
        search(g.tree, box, (i) => {
          if (boxes[4 * i + 2] - boxes[4 * i] + boxes[4 * i + 3] - boxes[4 * i + 1] < small) return;
          for (let ring = g.rings[i]; ring < g.rings[i + 1]; ring++) {
            traceLine(pen, view, lines, lines.start[ring], lines.start[ring + 1]);
            pen.closePath();
          }
          flush(40);
        }),
      () => {
        pen.fill("evenodd");
        if (view.metre > 0.3) pen.stroke();
      },
    );
  }

  // Runs a search that adds shapes to a path; draws after every so many, and the rest at the end.
  function inBatches(pen, run, draw) {
    let n = 0;
    pen.beginPath();
    run((most) => {
      if (++n >= most) {
        draw();
        pen.beginPath();
        n = 0;
      }
    });
    if (n) draw();
  }

  function paintLines(pen, view, box, role, width) {
    const g = state.ground[role],
      lines = thinned(g, view.scale),
      style = styleOf(role);
    pen.beginPath();
    search(g.tree, box, (i) => traceLine(pen, view, lines, lines.start[i], lines.start[i + 1]));
    pen.strokeStyle = style.line;
    pen.lineWidth = width;
    // Dashes are slow, and nothing to be seen from afar.
    const dash = view.metre > DASHES_FROM ? style.dash.map((part) => part * width) : [];
    pen.setLineDash(dash);
    pen.lineCap = dash.length ? "butt" : pen.lineCap;
    pen.stroke();
    pen.setLineDash([]);
  }

  function paintStreets(pen, view, box) {
    const g = state.ground.streets,
      lines = thinned(g, view.scale),
      {metre} = view,
      below = STREETS_SHOWN.find(([scale]) => metre < scale)[1];
    const byRank = STREET_WIDTHS.map(() => []);
    search(g.tree, box, (i) => {
      if (g.rank[i] < below) byRank[g.rank[i]].push(i);
    });
    for (const edge of metre > FROM.streetEdges ? [true, false] : [false]) {
      for (let rank = byRank.length - 1; rank >= 0; rank--) {
        if (!byRank[rank].length) continue;
        pen.beginPath();
        for (const i of byRank[rank]) traceLine(pen, view, lines, lines.start[i], lines.start[i + 1]);
        const width = Math.max(rank < 4 ? 1.6 : 0.8, STREET_WIDTHS[rank] * metre);
        pen.strokeStyle = edge ? "#a59c90" : rank < 4 ? "#fffef8" : "rgba(255,255,255,.9)";
        pen.lineWidth = edge ? width + 1.4 : width;
        pen.stroke();
      }
    }
  }

  function paintRailways(pen, view, box) {
    const width = Math.max(1.4, 2.2 * view.metre);
    paintLines(pen, view, box, "railways", width);
    pen.strokeStyle = "#ffffff";
    pen.lineWidth = width * 0.4;
    pen.stroke();
  }

  function paintBuildings(pen, view, box) {
    const g = state.buildings,
      boxes = g.tree[0],
      {scale, left, upper, metre} = view,
      far = metre < FROM.shapes;
    const style = state.values.style.roles.buildings;
    pen.fillStyle = far ? "rgba(92,84,76,.45)" : "rgba(255,255,255,.78)";
    pen.strokeStyle = style.line;
    pen.lineWidth = metre > 2 ? 1 : 0.6;
    inBatches(
      pen,
      (flush) =>
        search(g.tree, box, (i) => {
          const w = (boxes[4 * i + 2] - boxes[4 * i]) * scale,
            h = (boxes[4 * i + 3] - boxes[4 * i + 1]) * scale;
          if (w === 0) {
            const x = boxes[4 * i] * scale - left,
              y = boxes[4 * i + 1] * scale - upper;
            pen.moveTo(x + 3, y);
            pen.arc(x, y, Math.max(1.5, Math.min(4, 3 * metre)), 0, 7);
          } else if (far && w + h < 24) {
            if (w * h < 2) return;
            pen.rect(
              boxes[4 * i] * scale - left + w * 0.1,
              boxes[4 * i + 1] * scale - upper + h * 0.1,
              w * 0.8,
              h * 0.8,
            );
          } else {
            for (let ring = g.rings[i]; ring < g.rings[i + 1]; ring++) {
              traceLine(pen, view, g, g.start[ring], g.start[ring + 1]);
              pen.closePath();
            }
          }
          flush(BATCH);
        }),
      () => {
        pen.fill("evenodd");
        if (!far) pen.stroke();
      },
    );
  }

  const SEVERITIES = ["error", "warning", "note"];

  // Errors are filled; warnings and notes are outlines, so that they hide nothing.
  function paintFindings(pen, view) {
    const {rows, areas, lines, points} = state.findings;
    for (const severity of [2, 1, 0]) {
      const name = SEVERITIES[severity],
        style = state.values.style.severities[name];
      if (!state.shown["faults_" + name]) continue;
      pen.strokeStyle = style.line;
      pen.lineWidth = style.weight * 1.2;
      const own = (group, each) => {
        pen.beginPath();
        group.row.forEach((row, i) => {
          if (rows[row][0] === severity) each(i);
        });
        pen.stroke();
      };
      own(areas, (i) => {
        for (let ring = areas.rings[i]; ring < areas.rings[i + 1]; ring++) {
          traceLine(pen, view, areas, areas.start[ring], areas.start[ring + 1]);
          pen.closePath();
        }
      });
      if (severity === 0) {
        pen.globalAlpha = 0.35;
        pen.fillStyle = style.fill;
        pen.fill("evenodd");
        pen.globalAlpha = 1;
      }
      own(lines, (i) => traceLine(pen, view, lines, lines.start[i], lines.start[i + 1]));
      own(points, (i) => {
        const p = points.start[i],
          x = points.x[p] * view.scale - view.left,
          y = points.y[p] * view.scale - view.upper;
        pen.moveTo(x + 5, y);
        pen.arc(x, y, 5, 0, 7);
      });
    }
  }

  const hatches = new WeakMap();

  function hatch(pen) {
    if (!hatches.has(pen)) {
      const tile = Object.assign(document.createElement("canvas"), {width: 8, height: 8}),
        c = tile.getContext("2d");
      c.strokeStyle = "rgba(50,50,50,.38)";
      c.lineWidth = 1.5;
      for (const shift of [-8, 0, 8]) {
        c.moveTo(shift, 8);
        c.lineTo(shift + 8, 0);
      }
      c.stroke();
      hatches.set(pen, pen.createPattern(tile, "repeat"));
    }
    return hatches.get(pen);
  }

  // The zone under the pointer, and the one whose card is open.
  function highlight(pen, view) {
    const arcs = thinned(state.plan.arcs, view.scale);
    pen.lineJoin = "round";
    for (const [zone, line, width] of [
      [state.hovered, "rgba(11,92,173,.55)", 2],
      [state.chosen, "#0b5cad", 3.5],
    ]) {
      if (!zone) continue;
      pen.beginPath();
      traceRings(pen, view, arcs, state.plan.tiers[zone.depth].rings[zone.row]);
      pen.strokeStyle = "rgba(255,255,255,.9)";
      pen.lineWidth = width + 3;
      pen.stroke();
      pen.strokeStyle = line;
      pen.lineWidth = width;
      pen.stroke();
    }
  }
