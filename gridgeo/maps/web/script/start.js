  // ---- start: the first view from the first chunk, then the rest

  let tellReady;
  const ready = new Promise((done) => {
    tellReady = done;
  });

  // A part of the drawing as a layer that Leaflet switches on and off.
  const PartLayer = L.Layer.extend({
    initialize(part) {
      this.part = part;
    },
    onAdd() {
      switchPart(this.part, true);
    },
    onRemove() {
      switchPart(this.part, false);
    },
  });

  function switchPart(part, on) {
    state.shown[part] = on;
    if (state.layer) state.layer.soil();
  }

  const part = (name) => new PartLayer(name);

  function finish(map, layersControl) {
    state.map = map;
    state.layersControl = layersControl;
    state.wide = map.getSize().x > 700;
    if (typeof DecompressionStream === "undefined") {
      byId("old").hidden = false;
      return;
    }
    state.layer = new PlanLayer();
    start().catch((error) => {
      byId("head").append(element("p", {textContent: String(error)}));
      throw error;
    });
  }

  const textOf = (name) => {
    const block = byId(name),
      text = block.textContent;
    block.remove();
    return text;
  };

  async function start() {
    const {map} = state,
      first = await unpacked(textOf("first"));
    state.values = first.values;
    const [west, north, tick] = first.values.plane,
      [width, height] = first.values.size;
    const corner = L.CRS.EPSG3857.unproject(L.point(west, north));
    state.plane = {
      west,
      north,
      tick,
      corner,
      size: [width, height],
      ground: first.values.ground,
      area: width * height * 0.6,
    };
    state.lang = first.values.lang;
    state.plan = planOf(first);
    if (!map._loaded) map.setView(corner, 15);
    buildPanels(map, state.layersControl);
    map.addLayer(state.layer);
    map.on("layeradd layerremove", countTiles);
    countTiles();
    speak(state.lang);
    if (!followAddress()) wholeMap();
    state.started = true;
    listen(map);
    await rest();
    await state.layer.idle();
    state.ready = performance.now();
    tellReady(api);
  }

  // Zones let a map of tiles that somebody adds shine through.
  function countTiles() {
    let tiles = false;
    state.map.eachLayer((layer) => {
      tiles = tiles || layer instanceof L.TileLayer;
    });
    if (tiles !== Boolean(state.overTiles)) {
      state.overTiles = tiles;
      state.layer.soil();
    }
  }

  function listen(map) {
    map.on("click", clicked);
    map.on("moveend", keepAddress);
    if (window.matchMedia("(hover: hover)").matches) {
      map.on("mousemove", hover);
      map.on("mouseout movestart", () => hover(null));
    }
    map.getContainer().addEventListener("keydown", pressed);
    window.addEventListener("hashchange", () => {
      if (location.hash !== state.address) followAddress();
    });
    window.addEventListener("beforeprint", layOut);
    document.body.append(element("div", {id: "gridgeo-sheet"}));
  }

  async function rest() {
    if (document.readyState === "loading")
      await new Promise((done) => document.addEventListener("DOMContentLoaded", done));
    const texts = {};
    for (const name of ["ground", "buildings", "findings"]) if (byId(name)) texts[name] = textOf(name);
    await unpackInWorker(texts, (name, found) => {
      state[name] = found;
      state.layer.soil();
    });
  }

  const api = {
    ready,
    project: (lon, lat) => {
      const {left, top} = state.map.getContainer().getBoundingClientRect(),
        at = state.map.latLngToContainerPoint([lat, lon]);
      return [left + at.x, top + at.y];
    },
    card: () => (byId("card").hidden ? "" : byId("card").innerText.replace(/^×\s*/, "")),
    search: searched,
    open: (code) => choose(zoneOfCode(code), {go: true}),
    at: (lon, lat) => {
      const zone = zoneAt(...ticksOf(L.latLng(lat, lon)));
      return zone ? state.plan.tiers[zone.depth].code[zone.row] : "";
    },
    view: viewNow,
    // for tests and measurements
    labels: () => state.layer.labels || [],
    idle: () => state.layer.idle(),
    first: () => state.first,
    readyAt: () => state.ready,
    state,
    layOut,
    // for the parts of the page
    part,
    finish,
  };
  return api;
})();
