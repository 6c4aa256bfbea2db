  // ---- view, zone and language stand in the address, so that a link shows the same

  function readAddress() {
    const said = new URLSearchParams(location.hash.slice(1)),
      [zoom, lat, lon] = (said.get("view") || "").split("/").map(Number);
    return {
      view: said.get("view") && [zoom, lat, lon].every(Number.isFinite) ? {zoom, lat, lon} : null,
      code: said.get("zone"),
      lang: said.get("lang"),
    };
  }

  const ADDRESS_MS = 250; // browsers complain about an address that changes too often

  function keepAddress() {
    if (!state.started) return;
    clearTimeout(state.addressTimer);
    state.addressTimer = setTimeout(writeAddress, ADDRESS_MS);
  }

  function writeAddress() {
    const {lon, lat, zoom, code, lang} = viewNow(),
      zone = code ? `&zone=${encodeURIComponent(code)}` : "";
    state.address = `#view=${zoom}/${lat.toFixed(6)}/${lon.toFixed(6)}${zone}&lang=${lang}`;
    try {
      history.replaceState(null, "", state.address);
    } catch {
      /* a page inside a notebook has no address */
    }
  }

  // Shows what the address says; true if it says where to look.
  function followAddress() {
    const {view, code, lang} = readAddress();
    if ((lang === "zh" || lang === "en") && lang !== state.lang) speak(lang);
    if (view) state.map.setView([view.lat, view.lon], view.zoom, {animate: false});
    const zone = code ? zoneOfCode(code) : null;
    if (zone) choose(zone, {go: !view});
    return Boolean(view) || Boolean(zone);
  }

  function viewNow() {
    const {lat, lng} = state.map.getCenter(),
      zone = state.chosen;
    return {
      lon: lng,
      lat,
      zoom: state.map.getZoom(),
      code: zone ? state.plan.tiers[zone.depth].code[zone.row] : "",
      lang: state.lang,
    };
  }
