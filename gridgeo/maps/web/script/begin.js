// The page of a plan. All files of this folder are joined in one scope, in the order told in folium_parts.py.
// Lengths are in ticks (whole multiples of plane.tick [m of Web Mercator]) or in CSS pixels [px]; a view turns one into the other.
var gridgeo = (function () {
  "use strict";

  const state = {
    map: null,
    lang: "zh",
    grey: false,
    shown: {}, // parts that are switched on
    values: null, // what the first chunk says
    plan: null, // zones and their borders
    ground: null, // water, streets and other lines
    buildings: null,
    findings: null,
    chosen: null, // {depth, row} of the zone whose card is open
    hovered: null,
  };

  const byId = (name) => document.getElementById("gridgeo-" + name);

  // Text gets into the page here alone, and always as text.
  function element(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children.filter((child) => child !== null && child !== ""));
    return made;
  }
