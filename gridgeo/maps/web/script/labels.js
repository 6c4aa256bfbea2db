  // ---- letters: each zone is labelled in the visible part of its land, where there is room; none overlap, none lie under a control

  // Zones are filled into a coarse raster of the view in which controls and labels that stand already are holes. The chessboard
  // distance to what is not the zone is the room for a box of the raster's proportions.
  const CELL_W = 6,
    CELL_H = 3;
  const FAMILY =
    'system-ui, -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';
  const NAMES_FROM = {streets: 0.45, buildings: 1.6};
  const LEAST_W = 16,
    LEAST_H = 13; // room for two digits [px]
  const LONGEST = 14; // letters of a name on the map

  const widths = new Map();
  let ruler = null;

  // Width of a text, as the sum of its letters': these few are measured once, whole texts would be thousands.
  function widthOf(text, font) {
    let found = 0;
    for (const letter of text) {
      const key = font + letter;
      let width = widths.get(key);
      if (width === undefined) {
        ruler = ruler || document.createElement("canvas").getContext("2d");
        ruler.font = font;
        widths.set(key, (width = ruler.measureText(letter).width));
      }
      found += width;
    }
    return found;
  }

  // Boxes of what lies over the map [px of the view].
  function holesOf(map) {
    const container = map.getContainer(),
      {left, top} = container.getBoundingClientRect();
    return [...container.querySelectorAll(".leaflet-control, #gridgeo-card")]
      .map((control) => control.getBoundingClientRect())
      .filter((box) => box.width > 0)
      .map((box) => [box.left - left - 3, box.top - top - 3, box.right - left + 3, box.bottom - top + 3]);
  }

  class Raster {
    constructor(view) {
      this.view = view;
      this.across = Math.ceil(view.width / CELL_W);
      this.down = Math.ceil(view.height / CELL_H);
      this.taken = new Uint8Array(this.across * this.down);
    }

    rows([, north, , south]) {
      return [Math.max(0, Math.floor(north / CELL_H)), Math.min(this.down, Math.ceil(south / CELL_H))];
    }

    columns([west, , east]) {
      return [Math.max(0, Math.floor(west / CELL_W)), Math.min(this.across, Math.ceil(east / CELL_W))];
    }

    take(box) {
      const [from, to] = this.rows(box),
        [first, last] = this.columns(box);
      for (let row = from; row < to; row++)
        if (last > first) this.taken.fill(1, row * this.across + first, row * this.across + last);
    }

    isFree(box) {
      if (box[0] < 0 || box[1] < 0 || box[2] > this.view.width || box[3] > this.view.height) return false;
      const [from, to] = this.rows(box),
        [first, last] = this.columns(box);
      for (let row = from; row < to; row++)
        for (let i = row * this.across + first; i < row * this.across + last; i++) if (this.taken[i]) return false;
      return true;
    }

    // Which zone of a tier each free cell shows, + 1; zones too small for any letter are left out.
    zones(tier, box) {
      const {scale, left, upper} = this.view,
        arcs = thinned(state.plan.arcs, scale),
        found = new Int32Array(this.across * this.down);
      const crossings = Array.from({length: this.down}, () => []);
      tier.box.forEach((own, zone) => {
        if (!meets(own, box) || (own[2] - own[0]) * scale < LEAST_W || (own[3] - own[1]) * scale < LEAST_H) return;
        this._cross(tier.rings[zone], arcs, crossings);
        const [from, to] = this.rows([0, own[1] * scale - upper - CELL_H, 0, own[3] * scale - upper + CELL_H]);
        for (let row = from; row < to; row++) {
          const xs = crossings[row].sort((a, b) => a - b);
          for (let i = 0; i + 1 < xs.length; i += 2) {
            const first = Math.max(0, Math.ceil(xs[i] - 0.5)),
              last = Math.min(this.across, Math.ceil(xs[i + 1] - 0.5));
            if (last > first) found.fill(zone + 1, row * this.across + first, row * this.across + last);
          }
          crossings[row] = [];
        }
      });
      for (let i = 0; i < found.length; i++) if (this.taken[i]) found[i] = 0;
      return found;
    }

    // Where rings cross the middle lines of the rows.
    _cross(rings, {start, x, y}, crossings) {
      const {scale, left, upper} = this.view;
      for (const ref of rings) {
        if (ref < 0) continue;
        for (let p = start[ref >> 1] + 1; p < start[(ref >> 1) + 1]; p++) {
          let x1 = (x[p - 1] * scale - left) / CELL_W,
            y1 = (y[p - 1] * scale - upper) / CELL_H,
            x2 = (x[p] * scale - left) / CELL_W,
            y2 = (y[p] * scale - upper) / CELL_H;
          if (y1 > y2) [x1, y1, x2, y2] = [x2, y2, x1, y1];
          const from = Math.max(0, Math.ceil(y1 - 0.5)),
            to = Math.min(this.down, Math.ceil(y2 - 0.5));
          for (let row = from; row < to; row++) crossings[row].push(x1 + ((row + 0.5 - y1) * (x2 - x1)) / (y2 - y1));
        }
      }
    }
  }

  // For each number in a raster the cell farthest from what is not it: number -> [distance, column, row].
  function widestRooms(cells, across, down) {
    const far = new Int16Array(cells.length),
      best = new Map();
    const least = (i, value, steps) => {
      let found = Infinity;
      for (const step of steps) found = cells[i + step] === value ? Math.min(found, far[i + step]) : 0;
      return found;
    };
    const before = [-1, -across - 1, -across, -across + 1],
      after = [1, across + 1, across, across - 1];
    for (let row = 0, i = 0; row < down; row++)
      for (let column = 0; column < across; column++, i++) {
        if (cells[i]) far[i] = row && column && column < across - 1 ? least(i, cells[i], before) + 1 : 1;
      }
    for (let row = down - 1, i = cells.length - 1; row >= 0; row--)
      for (let column = across - 1; column >= 0; column--, i--) {
        if (!cells[i]) continue;
        const there = row < down - 1 && column && column < across - 1 ? least(i, cells[i], after) + 1 : 1;
        if (there < far[i]) far[i] = there;
        const known = best.get(cells[i]);
        if (!known || far[i] > known[0]) best.set(cells[i], [far[i], column, row]);
      }
    return best;
  }

  // All labels of a view: {text, x, y [px], font, ...}.
  function placed(view, holes) {
    const raster = new Raster(view),
      box = boxOfView(view),
      labels = [],
      depths = depthsShown(view.scale);
    holes.forEach((hole) => raster.take(hole));
    depths.forEach((depth, rank) =>
      labels.push(...zoneLabels(raster, box, depth, {alone: depths.length === 1, finest: rank === depths.length - 1})),
    );
    if (state.ground && state.ground.streets && state.shown.streets && view.metre > NAMES_FROM.streets)
      labels.push(...streetLabels(raster, box));
    if (state.buildings && state.shown.buildings && view.metre > NAMES_FROM.buildings)
      labels.push(...buildingLabels(raster, box));
    return labels;
  }

  const cut = (text) => ([...text].length > LONGEST ? [...text].slice(0, LONGEST - 1).join("") + "…" : text);

  // What a zone may be labelled with, the longest first.
  function wordings(tier, row, depth) {
    const label = tier.label[row],
      parent = tier.parent[row],
      above = parent >= 0 ? state.plan.tiers[depth - 1].label[parent] : "";
    if (label === above) return [];
    const own = tier.name[row] ? [`${label} ${cut(tier.name[row])}`] : [];
    return [...own, label, ...(label.includes("-") ? [label.slice(label.lastIndexOf("-") + 1)] : [])];
  }

  function zoneLabels(raster, box, depth, {alone, finest}) {
    const tier = state.plan.tiers[depth],
      [weight, size] = alone ? [600, 13] : finest ? [500, 12] : [700, 17],
      font = `${weight} ${size}px ${FAMILY}`,
      found = [];
    for (const [number, [far, column, row]] of widestRooms(raster.zones(tier, box), raster.across, raster.down)) {
      for (const text of wordings(tier, number - 1, depth)) {
        const width = widthOf(text, font) + 4,
          height = size * 1.15;
        if ((2 * far - 1) * CELL_W < width || (2 * far - 1) * CELL_H < height) continue;
        const x = (column + 0.5) * CELL_W,
          y = (row + 0.5) * CELL_H;
        found.push({
          text,
          x,
          y,
          width,
          height,
          font,
          fill: finest && !alone ? "#2d3a4a" : "#14202e",
          halo: finest && !alone ? 3 : 4,
          depth,
          row: number - 1,
        });
        break;
      }
    }
    found.forEach(({x, y, width, height}) =>
      raster.take([x - width / 2, y - height / 2, x + width / 2, y + height / 2]),
    );
    return found;
  }

  // Names along the longest straight stretch of each street in each part of the view.
  function streetLabels(raster, box) {
    const g = state.ground.streets,
      {scale, left, upper, width, height} = raster.view,
      font = `11px ${FAMILY}`,
      best = new Map(),
      found = [];
    search(g.tree, box, (i) => {
      if (!g.names[g.nameOf[i]]) return;
      for (let p = g.start[i]; p + 1 < g.start[i + 1]; p++) {
        const q = straightTo(g, p, g.start[i + 1]);
        const x1 = g.x[p] * scale - left,
          y1 = g.y[p] * scale - upper,
          x2 = g.x[q] * scale - left,
          y2 = g.y[q] * scale - upper;
        const x = (x1 + x2) / 2,
          y = (y1 + y2) / 2,
          length = Math.hypot(x2 - x1, y2 - y1);
        if (x < 0 || y < 0 || x > width || y > height) continue;
        const key = [g.nameOf[i], Math.floor(x / 500), Math.floor(y / 400)].join("/");
        if (!best.has(key) || best.get(key).length < length)
          best.set(key, {length, x, y, turn: Math.atan2(y2 - y1, x2 - x1), name: g.names[g.nameOf[i]]});
      }
    });
    for (const {length, x, y, turn, name} of [...best.values()].sort((a, b) => b.length - a.length)) {
      const text = cut(name),
        long = widthOf(text, font);
      if (long + 8 > length) continue;
      const angle = turn > Math.PI / 2 ? turn - Math.PI : turn < -Math.PI / 2 ? turn + Math.PI : turn,
        spots = [];
      for (let t = -long / 2; t <= long / 2 + 5; t += 6) {
        const u = x + Math.min(t, long / 2) * Math.cos(angle),
          v = y + Math.min(t, long / 2) * Math.sin(angle);
        spots.push([u - 6, v - 6, u + 6, v + 6]);
      }
      if (!spots.every((spot) => raster.isFree(spot))) continue;
      spots.forEach((spot) => raster.take(spot));
      found.push({text, x, y, width: long, height: 12, font, fill: "#4a4038", halo: 3, angle});
    }
    return found;
  }

  // Last point of the nearly straight stretch that begins with a segment.
  function straightTo({x, y}, p, end) {
    let q = p + 1;
    const dx = x[q] - x[p],
      dy = y[q] - y[p];
    for (; q + 1 < end; q++) {
      const ex = x[q + 1] - x[q],
        ey = y[q + 1] - y[q];
      if (Math.abs(dx * ey - dy * ex) > 0.12 * Math.hypot(dx, dy) * Math.hypot(ex, ey) || dx * ex + dy * ey < 0) break;
    }
    return q;
  }

  function buildingLabels(raster, box) {
    const g = state.buildings,
      boxes = g.tree[0],
      {scale, left, upper} = raster.view,
      font = `10.5px ${FAMILY}`,
      found = [];
    search(g.tree, box, (i) => {
      const name = cut(g.names[g.nameOf[i]]);
      if (!name) return;
      const x = ((boxes[4 * i] + boxes[4 * i + 2]) / 2) * scale - left,
        y = ((boxes[4 * i + 1] + boxes[4 * i + 3]) / 2) * scale - upper;
      const width = widthOf(name, font),
        height = 12,
        own = [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
      if (width > Math.max(30, (boxes[4 * i + 2] - boxes[4 * i]) * scale * 1.3) || !raster.isFree(own)) return;
      raster.take(own);
      found.push({text: name, x, y, width, height, font, fill: "#3f372f", halo: 2.5});
    });
    return found;
  }

  function write(pen, labels) {
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    pen.strokeStyle = "rgba(255,255,255,.88)";
    for (const label of labels) {
      pen.save();
      pen.translate(label.x, label.y);
      pen.rotate(label.angle || 0);
      pen.font = label.font;
      pen.lineWidth = label.halo;
      pen.strokeText(label.text, 0, 0);
      pen.fillStyle = label.fill;
      pen.fillText(label.text, 0, 0);
      pen.restore();
    }
  }
