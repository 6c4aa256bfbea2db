  // ---- words in the language of the page

  function words(reason, values = {}) {
    return state.values.texts[state.lang][reason].replace(/\{(\w+)\}/g, (whole, name) =>
      name in values ? values[name] : whole,
    );
  }

  const number = (value) => (value === null || value === undefined ? "–" : value.toLocaleString("en"));
  const tierTitle = (depth) => state.plan.tiers[depth].title[state.lang];
  const zoneTitle = ({depth, row}) => `${tierTitle(depth)} ${state.plan.tiers[depth].label[row]}`;

  const hectares = (area) => (area / 1e4).toFixed(2);

  function buildingId(i) {
    const g = state.buildings;
    return g.prefixes[g.prefixOf[i]] + (g.number[i] || "");
  }

  // Longitude and latitude of a point of the plane, and back.
  function latLngOf(x, y) {
    const {west, north, tick} = state.plane;
    return L.CRS.EPSG3857.unproject(L.point(west + x * tick, north - y * tick));
  }

  function ticksOf(latLng) {
    const {west, north, tick} = state.plane,
      {x, y} = L.CRS.EPSG3857.project(latLng);
    return [(x - west) / tick, (north - y) / tick];
  }

  function middleOf(box) {
    return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
  }
