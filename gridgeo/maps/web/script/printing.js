  // ---- print: a sheet of its own with title, map, scale, north and legend, drawn sharper than the screen

  const SHEET = {width: 1040, height: 600, ratio: 2.5};

  function layOut() {
    const map = state.map,
      screen = state.layer.view(),
      fit = Math.min(SHEET.width / screen.width, SHEET.height / screen.height);
    const view = {
      ...screen,
      scale: screen.scale * fit,
      metre: screen.metre * fit,
      width: SHEET.width,
      height: SHEET.height,
    };
    view.left = (screen.left + screen.width / 2) * fit - SHEET.width / 2;
    view.upper = (screen.upper + screen.height / 2) * fit - SHEET.height / 2;
    const canvas = element("canvas", {width: SHEET.width * SHEET.ratio, height: SHEET.height * SHEET.ratio}),
      pen = canvas.getContext("2d");
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.setTransform(SHEET.ratio, 0, 0, SHEET.ratio, 0, 0);
    paint(pen, view);
    highlight(pen, view);
    write(pen, placed(view, [[SHEET.width - 190, SHEET.height - 60, SHEET.width, SHEET.height]]));
    scaleOn(pen, view);
    byId("sheet").replaceChildren(element("h1", {textContent: state.values.head[state.lang][0]}), canvas, legendLine());
    return map;
  }

  // Bar with its length in words, and an arrow to the north.
  function scaleOn(pen, {metre, width, height}) {
    const most = 120 / metre,
      power = 10 ** Math.floor(Math.log10(most)),
      length = [5, 2, 1].find((k) => k * power <= most) * power,
      px = length * metre;
    pen.fillStyle = "rgba(255,255,255,.9)";
    pen.fillRect(width - 186, height - 56, 180, 50);
    pen.fillStyle = pen.strokeStyle = "#111111";
    pen.lineWidth = 1.5;
    pen.beginPath();
    for (const [x, y] of [
      [0, -7],
      [0, 0],
      [px, 0],
      [px, -7],
    ])
      pen.lineTo(width - 176 + x, height - 18 + y);
    pen.stroke();
    pen.font = `13px ${FAMILY}`;
    pen.textAlign = "left";
    pen.fillText(length >= 1000 ? `${length / 1000} km` : `${length} m`, width - 172, height - 30);
    pen.beginPath();
    for (const [x, y] of [
      [0, -40],
      [7, -18],
      [0, -23],
      [-7, -18],
    ])
      pen.lineTo(width - 26 + x, height - 10 + y);
    pen.fill();
    pen.fillText(words("page_north"), width - 32, height - 14);
  }

  function legendLine() {
    const titles = state.values.parts[state.lang],
      on = Object.keys(titles).filter((part) => state.shown[part]);
    return element(
      "p",
      {},
      ...on.flatMap((part) => [signOf(part), ` ${titles[part]}   `]),
      signOf("dedicated"),
      ` ${words("kind_dedicated")}`,
      element("br"),
      state.values.head[state.lang].slice(1).join(" · "),
    );
  }
