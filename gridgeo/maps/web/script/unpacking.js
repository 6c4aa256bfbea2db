  // ---- chunks become arrays; all functions of this file also run in the worker, so they use nothing but each other

  async function unpacked(text) {
    let bytes;
    if (Uint8Array.fromBase64) {
      bytes = Uint8Array.fromBase64(text);
    } else {
      const raw = atob(text);
      bytes = new Uint8Array(raw.length);
      for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    }
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return readChunk(new Uint8Array(await new Response(stream).arrayBuffer()));
  }

  function readChunk(bytes) {
    const size = new DataView(bytes.buffer).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + size)));
    const found = {values: head.values};
    let at = 4 + size;
    for (const [name, how, count, length] of head.streams) {
      const part = bytes.subarray(at, at + length);
      found[name] = how === "t" ? readTexts(part, count) : readNumbers(part, count, how);
      at += length;
    }
    return found;
  }

  function readTexts(bytes, count) {
    return count ? new TextDecoder().decode(bytes).split("\n") : [];
  }

  function readNumbers(bytes, count, how) {
    const found = new Int32Array(count);
    let p = 0,
      last = 0;
    for (let i = 0; i < count; i++) {
      let v = bytes[p++];
      if (v > 127) {
        v &= 127;
        let shift = 7,
          more;
        do {
          more = bytes[p++];
          v |= (more & 127) << shift;
          shift += 7;
        } while (more > 127);
      }
      if (how !== "u") v = (v >>> 1) ^ -(v & 1);
      found[i] = how === "d" ? (last += v) : v;
    }
    return found;
  }

  function offsets(counts) {
    const found = new Int32Array(counts.length + 1);
    for (let i = 0; i < counts.length; i++) found[i + 1] = found[i] + counts[i];
    return found;
  }

  // Steps from point to point, in multiples of a unit, become places.
  function places(steps, unit) {
    let last = 0;
    for (let i = 0; i < steps.length; i++) steps[i] = (last += steps[i]) * unit;
    return steps;
  }

  // {start, x, y}: the points of line i are start[i] .. start[i + 1].
  function readLines(chunk, name, unit) {
    return {
      start: offsets(chunk[name + "_size"]),
      x: places(chunk[name + "_x"], unit),
      y: places(chunk[name + "_y"], unit),
    };
  }

  // Rings; a ring of three points is a parallelogram that lacks its fourth corner.
  function readAreas(chunk, name, unit) {
    const flat = readLines(chunk, name, unit),
      count = chunk[name + "_size"];
    let more = 0;
    for (let i = 0; i < count.length; i++) if (count[i] === 3) more++;
    const x = new Int32Array(flat.x.length + more),
      y = new Int32Array(x.length),
      start = new Int32Array(count.length + 1);
    let q = 0;
    for (let i = 0; i < count.length; i++) {
      for (let p = flat.start[i]; p < flat.start[i + 1]; p++, q++) {
        x[q] = flat.x[p];
        y[q] = flat.y[p];
      }
      if (count[i] === 3) {
        x[q] = x[q - 3] - x[q - 2] + x[q - 1];
        y[q] = y[q - 3] - y[q - 2] + y[q - 1];
        q++;
      }
      start[i + 1] = q;
    }
    return {start, x, y, rings: offsets(chunk[name + "_rings"])};
  }

  // Boxes of groups of points, and boxes of sixteen boxes in a row: what comes along a curve is a search tree already.
  function treeOf(start, x, y) {
    const n = start.length - 1,
      boxes = new Int32Array(4 * n);
    for (let i = 0; i < n; i++) {
      let west = 2e9,
        north = 2e9,
        east = -2e9,
        south = -2e9;
      for (let p = start[i]; p < start[i + 1]; p++) {
        if (x[p] < west) west = x[p];
        if (x[p] > east) east = x[p];
        if (y[p] < north) north = y[p];
        if (y[p] > south) south = y[p];
      }
      boxes.set([west, north, east, south], 4 * i);
    }
    const levels = [boxes];
    while (levels[levels.length - 1].length > 4) levels.push(boxesOfSixteen(levels[levels.length - 1]));
    return levels;
  }

  function boxesOfSixteen(low) {
    const n = low.length / 4,
      found = new Int32Array(4 * Math.ceil(n / 16));
    for (let i = 0; i < found.length / 4; i++) {
      let west = 2e9,
        north = 2e9,
        east = -2e9,
        south = -2e9;
      for (let j = 16 * i; j < Math.min(n, 16 * i + 16); j++) {
        west = Math.min(west, low[4 * j]);
        north = Math.min(north, low[4 * j + 1]);
        east = Math.max(east, low[4 * j + 2]);
        south = Math.max(south, low[4 * j + 3]);
      }
      found.set([west, north, east, south], 4 * i);
    }
    return found;
  }

  function withTree(lines) {
    const rings = lines.rings;
    const start = rings ? rings.map((ring) => lines.start[ring]) : lines.start;
    return Object.assign(lines, {tree: treeOf(start, lines.x, lines.y)});
  }

  const COARSE = 3;

  async function prepared(name, text) {
    const chunk = await unpacked(text);
    if (name === "buildings") return readBuildings(chunk);
    if (name === "findings") return readFindings(chunk);
    return name === "ground" ? readGround(chunk) : chunk;
  }

  function readGround(chunk) {
    const found = {};
    if (chunk.water_size) found.water = withTree(readAreas(chunk, "water", COARSE));
    for (const role of ["waterways", "streets", "railways", "barriers", "compounds", "communities"]) {
      if (chunk[role + "_size"]) found[role] = withTree(readLines(chunk, role, COARSE));
    }
    if (found.streets)
      Object.assign(found.streets, {
        rank: chunk.streets_rank,
        nameOf: chunk.streets_name_of,
        names: chunk.streets_name,
      });
    return found;
  }

  function readBuildings(chunk) {
    return {
      ...withTree(readAreas(chunk, "footprint", COARSE)),
      zone: chunk.zone,
      households: chunk.households,
      prefixOf: chunk.prefix_of,
      prefixes: chunk.prefix,
      number: chunk.number,
      unitOf: chunk.unit_of,
      units: chunk.unit,
      nameOf: chunk.name_of,
      names: chunk.name,
    };
  }

  function readFindings(chunk) {
    const found = {rows: chunk.values.rows};
    for (const name of ["points", "areas"]) found[name] = readAreas(chunk, name, COARSE);
    found.lines = readLines(chunk, "lines", COARSE);
    for (const name of ["points", "lines", "areas"]) found[name].row = chunk[name + "_row"];
    return found;
  }

  const WORKER_FUNCTIONS = [
    unpacked,
    readChunk,
    readTexts,
    readNumbers,
    offsets,
    places,
    readLines,
    readAreas,
    treeOf,
    boxesOfSixteen,
    withTree,
    prepared,
    readGround,
    readBuildings,
    readFindings,
  ];

  // Runs in the worker. One after the other: messages that wait for a stream would overtake each other.
  function work() {
    let line = Promise.resolve();
    self.onmessage = (event) => {
      line = line.then(() => answer(event.data));
    };
    async function answer([name, text]) {
      const found = await prepared(name, text),
        moved = new Set();
      (function walk(value) {
        if (ArrayBuffer.isView(value)) moved.add(value.buffer);
        else if (value && typeof value === "object" && typeof value[0] !== "string") Object.values(value).forEach(walk);
      })(found);
      self.postMessage([name, found], [...moved]);
    }
  }

  // Hands over each chunk as soon as it is ready. Where workers are forbidden (some notebooks), the page does the work itself.
  function unpackInWorker(texts, take) {
    const alone = async (names) => {
      for (const name of names) take(name, await prepared(name, texts[name]));
    };
    const names = Object.keys(texts),
      left = new Set(names);
    return new Promise((done) => {
      let worker;
      const giveUp = () => {
        if (worker) worker.terminate();
        worker = null;
        alone([...left]).then(done);
      };
      try {
        const source = `const COARSE = ${COARSE};\n${WORKER_FUNCTIONS.map(String).join("\n")}\n(${work})();`;
        const address = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
        worker = new Worker(address);
        worker.onerror = (event) => {
          event.preventDefault();
          giveUp();
        };
        worker.onmessage = (event) => {
          const [name, found] = event.data;
          left.delete(name);
          take(name, found);
          if (left.size === 0) {
            worker.terminate();
            URL.revokeObjectURL(address);
            done();
          }
        };
        names.forEach((name) => worker.postMessage([name, texts[name]]));
        if (names.length === 0) done();
      } catch {
        giveUp();
      }
    });
  }
