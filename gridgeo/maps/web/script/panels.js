  // ---- panels round the map: title with search, card, legend, zoom, north, scale

  function control(map, position, made) {
    const box = L.control({position});
    box.onAdd = () => {
      L.DomEvent.disableClickPropagation(made);
      L.DomEvent.disableScrollPropagation(made);
      return made;
    };
    box.addTo(map);
  }

  function buildPanels(map, layersControl) {
    const head = byId("head"),
      card = element("div", {id: "gridgeo-card", hidden: true, role: "dialog"});
    head.remove();
    const panel = element("div", {className: "gridgeo-panel"}),
      more = button("more", "⋯", () => {
        panel.classList.toggle("gridgeo-more");
        state.layer.relabel();
      });
    panel.append(
      head,
      element("div", {className: "gridgeo-row"}, searchBox(), more),
      element("div", {id: "gridgeo-found"}),
      buttonRow(),
    );
    control(map, "topleft", panel);
    control(map, "topleft", card);
    const zoom = element(
      "div",
      {className: "gridgeo-zoom"},
      button("zoom_in", "+", () => map.zoomIn()),
      button("zoom_out", "−", () => map.zoomOut()),
      button("fit", "⤢", wholeMap),
    );
    control(map, "topright", zoom);
    control(
      map,
      "bottomright",
      element("div", {className: "gridgeo-north"}, arrow(), element("b", {id: "gridgeo-north"})),
    );
    L.control.scale({imperial: false, position: "bottomright", maxWidth: 120}).addTo(map);
    document.body.append(
      element("div", {id: "gridgeo-hover", hidden: true}),
      element("div", {id: "gridgeo-say", role: "status"}),
    );
    layersControl.setPosition("topright");
    if (!state.wide) return;
    // Where there is room the legend stays unfolded.
    layersControl.options.collapsed = false;
    layersControl.expand();
    L.DomEvent.off(layersControl.getContainer(), "mouseleave");
    map.off("click", layersControl.collapse, layersControl);
  }

  function button(reason, sign, onclick) {
    return element("button", {id: "gridgeo-" + reason, textContent: sign, onclick, type: "button"});
  }

  function searchBox() {
    const input = element("input", {id: "gridgeo-search", type: "search", autocomplete: "off"});
    input.addEventListener("input", () => {
      const entries = searched(input.value);
      showFound(entries, input.value);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && searched(input.value).length) {
        byId("found").replaceChildren();
        goTo(searched(input.value)[0]);
      }
      if (event.key === "Escape") {
        input.value = "";
        showFound([], "");
      }
      event.stopPropagation();
    });
    return input;
  }

  function buttonRow() {
    return element(
      "div",
      {className: "gridgeo-buttons"},
      button("language", "", () => speak(state.lang === "zh" ? "en" : "zh")),
      button("greys", "", () => {
        state.grey = !state.grey;
        byId("greys").ariaPressed = state.grey;
        state.layer.soil();
        signs();
      }),
      button("print", "", () => window.print()),
    );
  }

  function arrow() {
    const svg = document.createElementNS("http:" + "//www.w3" + ".org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 20 24");
    svg.innerHTML = '<path d="M10 0 17 23 10 18 3 23Z" fill="#1c2833" stroke="#fff"/>';
    return svg;
  }

  // Puts all words of the panels in a language.
  function speak(lang) {
    state.lang = lang;
    document.documentElement.lang = lang;
    const [title, ...lines] = state.values.head[lang];
    document.title = title;
    byId("head").replaceChildren(
      element("h1", {textContent: title}),
      ...lines.map((textContent) => element("p", {textContent})),
    );
    byId("search").placeholder = byId("search").ariaLabel = words("page_search");
    byId("language").textContent = words("page_language");
    byId("greys").textContent = words("page_greys");
    byId("print").textContent = words("page_print");
    byId("north").textContent = words("page_north");
    for (const reason of ["zoom_in", "zoom_out", "fit", "more"])
      byId(reason).title = byId(reason).ariaLabel = words("page_" + reason);
    state.map.getContainer().ariaLabel = `${words("page_map")}: ${title}. ${words("page_keys")}`;
    signs();
    if (byId("found").children.length) showFound(searched(byId("search").value), byId("search").value);
    showCard();
    state.layer.relabel();
    keepAddress();
  }

  // Each line of the layer control with its sign, and what is never switched off.
  function signs() {
    const titles = state.values.parts[state.lang];
    state.layersControl._layers.forEach((entry) => {
      if (!entry.layer.part) return;
      entry.name = element(
        "span",
        {},
        signOf(entry.layer.part),
        element("span", {textContent: titles[entry.layer.part]}),
      ).innerHTML;
    });
    state.layersControl._update();
    state.layersControl.getContainer().querySelector(".leaflet-control-layers-toggle").title = words("page_legend");
    const section = state.layersControl.getContainer().querySelector(".leaflet-control-layers-list");
    const old = section.querySelector(".gridgeo-fixed");
    if (old) old.remove();
    if (state.plan && state.plan.tiers.some((tier) => tier.dedicated.some(Boolean))) {
      section.append(element("div", {className: "gridgeo-fixed"}, signOf("dedicated"), words("kind_dedicated")));
    }
  }

  // A small drawing (SVG) of how a part looks on the map.
  function signOf(part) {
    const {style} = state.values,
      [a, b] = state.grey ? style.greys : style.fills,
      svg = document.createElementNS("http:" + "//www.w3" + ".org/2000/svg", "svg");
    const role = style.roles[part] ? styleOf(part) : null,
      severity = part.startsWith("faults_") ? style.severities[part.slice(7)] : null;
    const dash = role && role.dash.length ? ` stroke-dasharray="${role.dash.map((own) => own * 1.3).join(" ")}"` : "";
    const depth = state.values.tiers.findIndex((tier) => tier.key === part),
      width = depth === 0 && state.values.tiers.length > 1 ? 2 : 1;
    const line = (colour, thick) =>
      `<path d="M1 12 8 5 14 9 21 2" fill="none" stroke="${colour}" stroke-width="${thick}"${dash}/>`;
    const drawn =
      depth >= 0
        ? `<path d="M1 1h10v12h-10z" fill="${a}"/><path d="M11 1h10v12h-10z" fill="${b}"/><path d="M1 1h20v12h-20zM11 1v12" fill="none" stroke="${style.border}" stroke-width="${width}"/>`
        : part === "dedicated"
          ? `<path d="M1 1h20v12h-20z" fill="${b}" stroke="${style.border}"/><path d="M1 9 9 1M3 13 15 1M11 13 21 3" stroke="rgba(50,50,50,.5)"/>`
          : severity
            ? `<path d="M2 2h18v10h-18z" fill="${part === "faults_error" ? severity.fill : "none"}" fill-opacity=".35" stroke="${severity.line}" stroke-width="2.4"/>`
            : part === "streets"
              ? line("#a59c90", 5) + line("#fffef8", 3)
              : part === "buildings"
                ? `<path d="M4 2h14v10h-14z" fill="#fff" stroke="${role.line}"/>`
                : part === "water"
                  ? `<path d="M1 1h20v12h-20z" fill="${role.fill}" stroke="${role.line}"/>`
                  : role
                    ? line(role.line, 2)
                    : "";
    svg.setAttribute("viewBox", "0 0 22 14");
    svg.setAttribute("class", "gridgeo-sign");
    svg.innerHTML = drawn;
    return svg;
  }

  // The whole place: between the panels, or below the one on the left, whichever shows it larger.
  function wholeMap() {
    const {
        map,
        plane: {
          size: [width, height],
        },
      } = state,
      bounds = L.latLngBounds(latLngOf(0, 0), latLngOf(width, height));
    const box = (selector) => map.getContainer().querySelector(selector).getBoundingClientRect(),
      panel = box(".gridgeo-panel");
    const side = state.wide ? box(".leaflet-control-layers").width + 30 : 8;
    const ways = [{paddingTopLeft: [8, panel.height + 18], paddingBottomRight: [side, 24]}];
    if (state.wide) ways.push({paddingTopLeft: [panel.width + 26, 14], paddingBottomRight: [side, 14]});
    const zoom = ({paddingTopLeft: a, paddingBottomRight: b}) => map.getBoundsZoom(bounds, false, L.point(a).add(b));
    map.fitBounds(bounds, {...ways.reduce((best, way) => (zoom(way) > zoom(best) ? way : best)), animate: false});
  }

  // Tells the zone under the pointer.
  function hover(event) {
    const tip = byId("hover"),
      zone = event ? zoneAt(...ticksOf(event.latlng)) : null,
      was = state.hovered;
    state.hovered = zone;
    tip.hidden = !zone;
    if (!zone !== !was || (zone && was && (zone.row !== was.row || zone.depth !== was.depth))) state.layer.ask();
    if (!zone) return;
    const tier = state.plan.tiers[zone.depth],
      held = tier.loads.households;
    tip.textContent = [
      zoneTitle(zone),
      cut(tier.name[zone.row]),
      held && held[zone.row] !== null ? `${number(held[zone.row])} ${words("map_households")}` : "",
    ]
      .filter(Boolean)
      .join(" · ");
    tip.style.left = `${Math.min(event.originalEvent.clientX + 14, window.innerWidth - tip.offsetWidth - 6)}px`;
    tip.style.top = `${event.originalEvent.clientY + 18}px`;
  }

  function pressed(event) {
    const {key} = event,
      tier = state.chosen && state.plan.tiers[state.chosen.depth];
    if (key === "Enter" && event.target === state.map.getContainer()) clicked({latlng: state.map.getCenter()});
    else if (key === "Escape") choose(null);
    else if ((key === "]" || key === "[") && tier)
      choose(
        {...state.chosen, row: (state.chosen.row + (key === "]" ? 1 : -1) + tier.code.length) % tier.code.length},
        {go: true},
      );
    else return;
    event.preventDefault();
  }

  function clicked({latlng}) {
    const [x, y] = ticksOf(latlng),
      near = 6 / state.layer.view().scale;
    choose(zoneAt(x, y), {buildings: buildingsAt(x, y), findings: findingsAt(x, y, near)});
  }
