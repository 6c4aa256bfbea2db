  // ---- a layer of Leaflet: canvases of what is in view, drawn when the browser has time, kept while the map moves

  const MOST_TILES = 48,
    SLICE_MS = 14,
    TILE_PX = 420,
    OVERLAP_PX = 8;
  const EARTH_M = 2 * Math.PI * 6378137;

  const PlanLayer = L.Layer.extend({
    onAdd(map) {
      this.map = map;
      this.tiles = new Map();
      this.origins = new Map();
      this.waiting = [];
      this.canvas = this._canvas("gridgeo", 250);
      this.letters = this._canvas("gridgeo-letters", 450);
      this.resize();
    },

    getEvents() {
      return {
        move: this.ask,
        zoom: this.ask,
        zoomstart() {
          this.zooming = true;
        },
        zoomend() {
          this.zooming = false;
          this.ask();
        },
        moveend() {
          this.moving = false;
          this.ask();
        },
        movestart() {
          this.moving = true;
        },
        resize: this.resize,
        zoomanim: this._follow,
      };
    },

    _canvas(pane, zIndex) {
      this.map.createPane(pane).style.zIndex = zIndex;
      const canvas = L.DomUtil.create("canvas", "leaflet-zoom-animated", this.map.getPane(pane));
      this.map.getPane(pane).style.pointerEvents = "none";
      return canvas;
    },

    resize() {
      const {x, y} = this.map.getSize();
      this.ratio = Math.min(window.devicePixelRatio || 1, 3);
      this.across = Math.ceil(x / Math.max(1, Math.round(x / TILE_PX))) + 1;
      this.down = Math.ceil(y / Math.max(1, Math.round(y / TILE_PX))) + 1;
      for (const canvas of [this.canvas, this.letters]) {
        canvas.width = x * this.ratio;
        canvas.height = y * this.ratio;
        canvas.style.width = x + "px";
        canvas.style.height = y + "px";
      }
      this.forget();
    },

    // Where the map looks: {zoom, scale [px a tick], metre [px], left, upper [px from the plane's corner], width, height}.
    view(zoom = this.map.getZoom()) {
      const {tick, corner, ground} = state.plane,
        size = this.map.getSize();
      const scale = (tick * 256 * 2 ** zoom) / EARTH_M;
      const at = this.map
        .project(this.map.getCenter(), zoom)
        .subtract(this.map.project(corner, zoom))
        .subtract(size.divideBy(2));
      return {zoom, scale, metre: scale / ground, left: at.x, upper: at.y, width: size.x, height: size.y};
    },

    forget() {
      this.tiles.clear();
      this.origins.clear();
      this.relabel();
    },

    // Something in a box of ticks, or all, looks different now.
    soil(box = null) {
      for (const tile of this.tiles.values()) if (!box || meets(box, boxOfView(tile))) tile.dirty = true;
      this.relabel();
    },

    relabel() {
      this.labelled = null;
      this.ask();
    },

    ask() {
      if (this.asked) return;
      this.asked = true;
      requestAnimationFrame(() => {
        this.asked = false;
        this.frame();
      });
    },

    // Resolves when everything in view is drawn.
    idle() {
      return new Promise((done) => {
        this.waiting.push(done);
        this.ask();
      });
    },

    frame() {
      if (!state.plan || this.map._animatingZoom) return;
      const began = performance.now(),
        view = this.view(),
        wanted = this.zooming ? [] : this._tilesOf(view);
      const middle = (tile) =>
        Math.hypot(
          tile.left + tile.width / 2 - view.left - view.width / 2,
          tile.upper + tile.height / 2 - view.upper - view.height / 2,
        );
      const todo = wanted.filter((tile) => tile.dirty).sort((a, b) => a.drawn - b.drawn || middle(a) - middle(b));
      for (let n = 0; todo.length && (n === 0 || performance.now() - began < SLICE_MS); n++) this._draw(todo.shift());
      this._compose(view, wanted, todo.length > 0 || this.zooming);
      if (todo.length) {
        this.ask();
        return;
      }
      if (!this.zooming) this._rest(view);
    },

    // All tiles in view are there: letters come in a frame of their own, once the map stands still.
    _rest(view) {
      const key = [view.zoom, view.left, view.upper, view.width, view.height].join("/");
      if (!state.first) {
        state.first = performance.now();
        this.ask();
        return;
      }
      if (this.labelled !== key && !this.moving) {
        this.labels = placed(view, holesOf(this.map));
        this.labelled = key;
        this._write(view);
      }
      if (this.moving) return;
      const waiting = this.waiting;
      this.waiting = [];
      waiting.forEach((done) => done());
    },

    // Tiles of a scale begin where the view was when it was first seen at that scale: six fill it, not twelve.
    _tilesOf(view) {
      const {across, down} = this,
        inView = (tile) =>
          tile.zoom === view.zoom &&
          meets(
            [tile.left, tile.upper, tile.left + across, tile.upper + down],
            [view.left, view.upper, view.left + view.width, view.upper + view.height],
          );
      let origin = this.origins.get(view.zoom);
      if (!origin || ![...this.tiles.values()].some(inView)) {
        for (const [key, tile] of this.tiles) if (tile.zoom === view.zoom) this.tiles.delete(key);
        this.origins.set(view.zoom, (origin = [Math.floor(view.left), Math.floor(view.upper)]));
      }
      const found = [],
        [x0, y0] = origin;
      for (let row = Math.floor((view.upper - y0) / down); y0 + row * down < view.upper + view.height - 0.5; row++) {
        for (
          let column = Math.floor((view.left - x0) / across);
          x0 + column * across < view.left + view.width - 0.5;
          column++
        ) {
          found.push(this._tile(view, column, row, origin));
        }
      }
      return found;
    },

    _tile(view, column, row, [x0, y0]) {
      const key = [view.zoom, column, row].join("/");
      let tile = this.tiles.get(key);
      if (tile) this.tiles.delete(key);
      else
        tile = {
          ...view,
          left: x0 + column * this.across,
          upper: y0 + row * this.down,
          width: this.across,
          height: this.down,
          drawn: false,
          dirty: true,
        };
      this.tiles.set(key, tile); // last used, last forgotten
      if (this.tiles.size > MOST_TILES) this.tiles.delete(this.tiles.keys().next().value);
      return tile;
    },

    _draw(tile) {
      tile.canvas =
        tile.canvas ||
        Object.assign(document.createElement("canvas"), {
          width: Math.ceil(tile.width * this.ratio),
          height: Math.ceil(tile.height * this.ratio),
        });
      const pen = tile.canvas.getContext("2d");
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, tile.canvas.width, tile.canvas.height);
      pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      paint(pen, tile);
      tile.drawn = true;
      tile.dirty = false;
    },

    // Puts the tiles together; what there is of other scales stands in for those that are not drawn yet.
    _compose(view, wanted, standIn) {
      L.DomUtil.setPosition(this.canvas, this.map.containerPointToLayerPoint([0, 0]));
      this.centre = this.map.getCenter();
      this.shownZoom = view.zoom;
      const pen = this.canvas.getContext("2d"),
        snap = (v) => Math.round(v * this.ratio) / this.ratio;
      pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      pen.clearRect(0, 0, view.width, view.height);
      if (standIn)
        for (const tile of this.tiles.values())
          if (tile.drawn && tile.zoom !== view.zoom && Math.abs(tile.zoom - view.zoom) < 3) {
            const f = view.scale / tile.scale;
            pen.drawImage(
              tile.canvas,
              tile.left * f - view.left,
              tile.upper * f - view.upper,
              (tile.canvas.width / this.ratio) * f,
              (tile.canvas.height / this.ratio) * f,
            );
          }
      for (const tile of wanted)
        if (tile.drawn) {
          const x = snap(tile.left - view.left),
            y = snap(tile.upper - view.upper),
            width = tile.canvas.width / this.ratio,
            height = tile.canvas.height / this.ratio;
          if (standIn) pen.clearRect(x, y, tile.width, tile.height);
          pen.drawImage(tile.canvas, x, y, width, height);
        }
      highlight(pen, view);
      if (this.labelsZoom !== view.zoom) this.letters.style.visibility = "hidden";
    },

    _write(view) {
      const pen = this.letters.getContext("2d");
      L.DomUtil.setPosition(this.letters, this.map.containerPointToLayerPoint([0, 0]));
      pen.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
      pen.clearRect(0, 0, view.width, view.height);
      write(pen, this.labels);
      this.labelsZoom = view.zoom;
      this.letters.style.visibility = "";
    },

    // While Leaflet zooms, the picture is stretched with it.
    _follow({center, zoom}) {
      if (!this.centre) return;
      const factor = this.map.getZoomScale(zoom, this.shownZoom),
        half = this.map.getSize().divideBy(2);
      const corner = half
        .multiplyBy(-factor)
        .add(this.map.project(this.centre, zoom))
        .subtract(this.map._getNewPixelOrigin(center, zoom));
      L.DomUtil.setTransform(this.canvas, corner, factor);
      this.letters.style.visibility = "hidden";
      this.labelsZoom = null;
    },
  });

  // Ticks that a view shows, and some round about, for lines are broad.
  function boxOfView({left, upper, width, height, scale, metre}) {
    const pad = OVERLAP_PX + 8 * metre;
    return [(left - pad) / scale, (upper - pad) / scale, (left + width + pad) / scale, (upper + height + pad) / scale];
  }
