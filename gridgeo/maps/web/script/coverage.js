  // ---- zones: groups of pieces, drawn from the arcs whose sides belong to different ones; an edit changes zoneOf and no geometry

  function planOf(chunk) {
    const arcs = readLines(chunk, "arc", 1);
    arcs.left = chunk.left;
    arcs.right = chunk.right.map((step, i) => (step ? chunk.left[i] + step : -1));
    const plan = {
      arcs,
      tiers: chunk.values.tiers,
      zoneOf: chunk.values.tiers.map((_, depth) => chunk["zone_" + depth]),
    };
    joinEnds(plan);
    plan.tiers.forEach((tier, depth) => {
      tier.parent = parentsOf(plan, depth);
      outline(plan, depth);
    });
    return plan;
  }

  function parentsOf(plan, depth) {
    const found = new Int32Array(plan.tiers[depth].code.length).fill(-1);
    if (depth > 0)
      plan.zoneOf[depth].forEach((row, piece) => {
        if (row >= 0) found[row] = plan.zoneOf[depth - 1][piece];
      });
    return found;
  }

  // Ends of arcs that fall together are one node: from[arc], to[arc].
  function joinEnds(plan) {
    const {start, x, y} = plan.arcs,
      n = start.length - 1,
      nodes = new Map();
    const node = (p) => {
      const key = x[p] * 67108864 + y[p] + 65536;
      let found = nodes.get(key);
      if (found === undefined) nodes.set(key, (found = nodes.size));
      return found;
    };
    plan.from = new Int32Array(n);
    plan.to = new Int32Array(n);
    for (let i = 0; i < n; i++) {
      plan.from[i] = node(start[i]);
      plan.to[i] = node(start[i + 1] - 1);
    }
    plan.nodes = nodes.size;
  }

  const zoneBeside = (plan, depth, piece) => (piece < 0 ? -1 : plan.zoneOf[depth][piece]);

  // An arc seen from one side is 2 * arc, or 2 * arc + 1 backwards: its own side then lies on the left.
  function otherSide(plan, depth, ref) {
    return zoneBeside(plan, depth, ref & 1 ? plan.arcs.left[ref >> 1] : plan.arcs.right[ref >> 1]);
  }

  // Rings of all zones of a tier, and their boxes.
  function outline(plan, depth) {
    const tier = plan.tiers[depth],
      refs = tier.code.map(() => []),
      {left, right} = plan.arcs;
    for (let arc = 0; arc < left.length; arc++) {
      const l = zoneBeside(plan, depth, left[arc]),
        r = zoneBeside(plan, depth, right[arc]);
      if (l === r) continue;
      if (l >= 0) refs[l].push(2 * arc);
      if (r >= 0) refs[r].push(2 * arc + 1);
    }
    const waiting = new Int32Array(plan.nodes).fill(-1);
    tier.rings = refs.map((own) => stitched(plan, own, waiting));
    tier.box = tier.rings.map((rings) => boxOf(plan, rings));
  }

  // From node to node there is always a way on; a ring ends with -1. Afterwards nothing waits at any node.
  function stitched(plan, refs, waiting) {
    const next = new Int32Array(refs.length),
      rings = [];
    const begin = (ref) => (ref & 1 ? plan.to : plan.from)[ref >> 1],
      end = (ref) => (ref & 1 ? plan.from : plan.to)[ref >> 1];
    refs.forEach((ref, i) => {
      next[i] = waiting[begin(ref)];
      waiting[begin(ref)] = i;
    });
    for (const ref of refs) {
      let node = begin(ref);
      if (waiting[node] < 0) continue;
      while (waiting[node] >= 0) {
        const i = waiting[node];
        waiting[node] = next[i];
        rings.push(refs[i]);
        node = end(refs[i]);
      }
      rings.push(-1);
    }
    return Int32Array.from(rings);
  }

  function boxOf(plan, rings) {
    const {start, x, y} = plan.arcs;
    let west = 2e9,
      north = 2e9,
      east = -2e9,
      south = -2e9;
    for (const ref of rings) {
      if (ref < 0) continue;
      for (let p = start[ref >> 1]; p < start[(ref >> 1) + 1]; p++) {
        if (x[p] < west) west = x[p];
        if (x[p] > east) east = x[p];
        if (y[p] < north) north = y[p];
        if (y[p] > south) south = y[p];
      }
    }
    return [west, north, east, south];
  }

  // Whether a ray to the right meets a line an odd number of times.
  function isOdd(lines, from, to, px, py) {
    const {x, y} = lines;
    let odd = false;
    for (let p = from + 1; p < to; p++) {
      if (y[p - 1] > py !== y[p] > py && px < x[p - 1] + ((py - y[p - 1]) * (x[p] - x[p - 1])) / (y[p] - y[p - 1]))
        odd = !odd;
    }
    return odd;
  }

  const holds = (box, x, y) => box[0] <= x && x <= box[2] && box[1] <= y && y <= box[3];
  const meets = (a, b) => a[0] <= b[2] && a[2] >= b[0] && a[1] <= b[3] && a[3] >= b[1];

  // The finest zone over a point: {depth, row}, or null.
  function zoneAt(x, y) {
    const plan = state.plan;
    for (let depth = plan.tiers.length - 1; depth >= 0; depth--) {
      const tier = plan.tiers[depth];
      for (let row = 0; row < tier.box.length; row++) {
        if (!holds(tier.box[row], x, y)) continue;
        let odd = false;
        for (const ref of tier.rings[row]) {
          if (ref >= 0 && isOdd(plan.arcs, plan.arcs.start[ref >> 1], plan.arcs.start[(ref >> 1) + 1], x, y))
            odd = !odd;
        }
        if (odd) return {depth, row};
      }
    }
    return null;
  }

  // Rows of zones along the border of one, the longest common border first.
  function neighboursOf({depth, row}) {
    const plan = state.plan,
      {start, x, y} = plan.arcs,
      shared = new Map();
    for (const ref of plan.tiers[depth].rings[row]) {
      if (ref < 0) continue;
      const other = otherSide(plan, depth, ref);
      if (other < 0) continue;
      let length = shared.get(other) || 0;
      for (let p = start[ref >> 1] + 1; p < start[(ref >> 1) + 1]; p++)
        length += Math.hypot(x[p] - x[p - 1], y[p] - y[p - 1]);
      shared.set(other, length);
    }
    return [...shared].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map((entry) => entry[0]);
  }

  const childrenOf = ({depth, row}) => {
    const finer = state.plan.tiers[depth + 1];
    return finer ? finer.code.map((_, child) => child).filter((child) => finer.parent[child] === row) : [];
  };

  // Calls hit(i) for each box of a tree that meets a box.
  function search(tree, box, hit) {
    const top = tree.length - 1,
      stack = [];
    for (let i = tree[top].length / 4 - 1; i >= 0; i--) stack.push(top, i);
    while (stack.length) {
      const i = stack.pop(),
        level = stack.pop(),
        boxes = tree[level],
        q = 4 * i;
      if (boxes[q] > box[2] || boxes[q + 2] < box[0] || boxes[q + 1] > box[3] || boxes[q + 3] < box[1]) continue;
      if (level === 0) {
        hit(i);
        continue;
      }
      for (let j = Math.min(tree[level - 1].length / 4, 16 * i + 16) - 1; j >= 16 * i; j--) stack.push(level - 1, j);
    }
  }

  // Buildings over a point.
  function buildingsAt(x, y) {
    const g = state.buildings,
      found = [];
    if (!g || !state.shown.buildings) return found;
    search(g.tree, [x, y, x, y], (i) => {
      let odd = false;
      for (let ring = g.rings[i]; ring < g.rings[i + 1]; ring++) {
        const p = g.start[ring],
          q = g.start[ring + 1];
        if (isOdd(g, p, q, x, y)) odd = !odd;
        if (isOdd({x: [g.x[q - 1], g.x[p]], y: [g.y[q - 1], g.y[p]]}, 0, 2, x, y)) odd = !odd;
      }
      if (odd) found.push(i);
    });
    return found;
  }
