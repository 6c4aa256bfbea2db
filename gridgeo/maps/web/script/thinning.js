  // ---- the same lines with fewer points, for small scales; made when a scale is first drawn, and kept

  const FINE_PX = 0.7;

  // Lines at a scale [px a tick]: points nearer than 0.7 px to the one before are left out, ends stay.
  function thinned(lines, scale) {
    const level = Math.floor(Math.log2(FINE_PX / scale));
    if (level < 1) return lines;
    lines.thin = lines.thin || [];
    if (!lines.thin[level])
      lines.thin[level] = thinner(level > 1 ? thinned(lines, FINE_PX / 2 ** (level - 1)) : lines, 4 ** level);
    return lines.thin[level];
  }

  function thinner({start, x, y}, least) {
    const n = start.length - 1,
      found = {start: new Int32Array(n + 1), x: new Int32Array(x.length), y: new Int32Array(x.length)};
    let q = 0;
    const keep = (p) => {
      found.x[q] = x[p];
      found.y[q++] = y[p];
    };
    for (let i = 0; i < n; i++) {
      const last = start[i + 1] - 1;
      let p = start[i];
      if (p <= last) keep(p);
      for (let next = p + 1; next < last; next++) {
        const dx = x[next] - x[p],
          dy = y[next] - y[p];
        if (dx * dx + dy * dy >= least) keep((p = next));
      }
      if (start[i] < last) keep(last);
      found.start[i + 1] = q;
    }
    found.x = found.x.slice(0, q);
    found.y = found.y.slice(0, q);
    return found;
  }
