  // ---- print: a sheet of its own with title, map, scale, north and legend, drawn sharper than the screen

  const SHEET = {width: 1040, height: 600, ratio: 2.5};
  const MARGIN = 0.97;

  // What is seen of the place, as large as the sheet allows; the whole window where nothing is seen of it.
  function sheetView() {
    const screen = state.layer.view();
    const {left, upper, width, height, scale} = screen;
    const [east, south] = state.plane.size;
    const window_ = [left / scale, upper / scale, (left + width) / scale, (upper + height) / scale];
    const seen = [
      Math.max(0, window_[0]),
      Math.max(0, window_[1]),
      Math.min(east, window_[2]),
      Math.min(south, window_[3]),
    ];
    const box = seen[0] < seen[2] && seen[1] < seen[3] ? seen : window_;
    const [x, y] = middleOf(box);
    const larger = Math.min(SHEET.width / (box[2] - box[0]), SHEET.height / (box[3] - box[1])) * MARGIN;
    return {
      ...screen,
      scale: larger,
      metre: larger / state.plane.ground,
      width: SHEET.width,
      height: SHEET.height,
      left: x * larger - SHEET.width / 2,
      upper: y * larger - SHEET.height / 2,
    };
  }

  // Fills the sheet, which is shown in print alone.
  function layOut() {
    const view = sheetView();
    const canvas = element("canvas", {width: SHEET.width * SHEET.ratio, height: SHEET.height * SHEET.ratio});
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.setTransform(SHEET.ratio, 0, 0, SHEET.ratio, 0, 0);
    paint(pen, view);
    highlight(pen, view);
    write(pen, placed(view, [[SHEET.width - 190, SHEET.height - 60, SHEET.width, SHEET.height]]));
    scaleOn(pen, view);
    byId("sheet").replaceChildren(element("h1", {textContent: state.values.head[state.lang][0]}), canvas, legendLine());
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
