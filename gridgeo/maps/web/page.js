// Draws the layers of a plan. All texts come escaped from gridgeo, so they may be set as HTML.
var gridgeo = (function () {
  "use strict";
  var GRAIN = 1e-6;
  var POINT = 0, LINE = 1;
  var LETTER = [0, 8.2, 6.8];  // width of a letter of the labels of each rank [px]
  var layers = [];

  function points(flat) {
    var x = 0, y = 0, found = [];
    for (var i = 0; i < flat.length; i += 2) {
      x += flat[i];
      y += flat[i + 1];
      found.push([y * GRAIN, x * GRAIN]);
    }
    return found;
  }

  function path(feature, options) {
    var kind = feature[1], parts = feature[2];
    if (kind === POINT) {
      return L.featureGroup(parts.map(function (part) {
        return L.circleMarker(points(part)[0], Object.assign({radius: 4}, options));
      }));
    }
    if (kind === LINE) {
      return L.polyline(parts.map(points), Object.assign({}, options, {fill: false}));
    }
    return L.polygon(parts.map(function (rings) { return rings.map(points); }), options);
  }

  function drawn(data, style, fills) {
    var group = L.featureGroup();
    data.shapes.forEach(function (feature) {
      var options = Object.assign({interactive: Boolean(data.rows)}, style);
      if (fills) {
        options.fillColor = fills[feature[0]];
      }
      var shape = path(feature, options);
      shape.row = feature[0];
      group.addLayer(shape);
    });
    return group;
  }

  function table(data, row) {
    return "<table>" + data.heads.map(function (head, i) {
      var value = data.rows[row][i];
      return value === "" ? "" : "<tr><th>" + head + "</th><td>" + value + "</td></tr>";
    }).join("") + "</table>";
  }

  function rowOf(shape, group) {
    if (shape.row !== undefined) {
      return shape.row;
    }
    // A point stands in a group of its own, which bears the row.
    var row;
    group.eachLayer(function (child) {
      if (child.hasLayer && child.hasLayer(shape)) {
        row = child.row;
      }
    });
    return row;
  }

  function front(map, part, inOrder) {
    inOrder.forEach(function (layer) {
      if (map.hasLayer(layer) && layer.parts[part]) {
        layer.parts[part].bringToFront();
      }
    });
  }

  // What is below and above is kept in order, whichever layer was switched on last; coarse borders lie over fine ones.
  function order(map) {
    layers.forEach(function (layer) {
      front(map, "edge", [layer]);
      front(map, "low", [layer]);
    });
    front(map, "top", layers.slice().reverse());
    front(map, "over", layers);
  }

  // Lines get thinner where the place is small on the screen, or they would hide it.
  function thin(map) {
    var share = Math.max(0.35, Math.min(1, metrePixels(map) * 4));
    layers.forEach(function (layer) {
      if (layer.parts.top) {
        layer.parts.top.setStyle({weight: layer.data.outline.weight * share});
      }
      if (layer.data.rows && !layer.data.fills) {
        layer.parts.over.setStyle({weight: layer.data.style.weight * share});
      }
    });
  }

  // Labels are shown where they fit into their zone and do not touch one another, coarse tiers first.
  function label(map) {
    var taken = [], view = map.getBounds(), metre = metrePixels(map);
    layers.forEach(function (layer) {
      if (!layer.parts.labels) {
        return;
      }
      layer.parts.labels.clearLayers();
      if (!map.hasLayer(layer)) {
        return;
      }
      layer.data.labels.forEach(function (entry, row) {
        var place = L.latLng(entry[1], entry[0]);
        var rank = Math.min(layer.data.rank + 1, LETTER.length - 1);
        var wide = entry[3].length * LETTER[rank] / 2 + 3, high = 9;
        if (entry[3] === "" || !view.contains(place) || entry[2] * metre < wide * 0.75) {
          return;
        }
        var at = map.latLngToContainerPoint(place);
        // The label of a coarser zone often stands in the same place: then there is room below it.
        [0, 2 * high].some(function (down) {
          if (down && entry[2] * metre < down + high / 2) {
            return false;
          }
          var box = [at.x - wide, at.y + down - high, at.x + wide, at.y + down + high];
          if (taken.some(function (other) { return hits(box, other); })) {
            return false;
          }
          taken.push(box);
          layer.parts.labels.addLayer(marker(map.containerPointToLatLng(at.add([0, down])), entry[3], rank, row));
          return true;
        });
      });
    });
  }

  function metrePixels(map) {
    var centre = map.getCenter();
    var right = map.containerPointToLatLng(map.latLngToContainerPoint(centre).add([100, 0]));
    return 100 / map.distance(centre, right);
  }

  function hits(a, b) {
    return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  }

  function marker(place, text, rank, row) {
    var icon = L.divIcon({className: "gridgeo-label gridgeo-rank" + rank, html: "<span>" + text + "</span>", iconSize: [0, 0]});
    var found = L.marker(place, {icon: icon, keyboard: false});
    found.row = row;
    return found;
  }

  function layer(map, data) {
    var group = L.featureGroup(), parts = {};
    if (data.edge) {
      parts.edge = drawn(data, data.edge);
      group.addLayer(parts.edge);
    }
    var main = drawn(data, data.style, data.fills);
    group.addLayer(main);
    parts[data.level] = main;
    if (data.outline) {
      parts.top = drawn(data, Object.assign({fill: false}, data.outline, {fill: false}));
      group.addLayer(parts.top);
      parts.labels = L.featureGroup();
      group.addLayer(parts.labels);
    }
    if (data.rows) {
      group.bindPopup(function (shape) { return table(data, rowOf(shape, main)); }, {maxWidth: 280});
    }
    group.data = data;
    group.parts = parts;
    layers.push(group);
    return group;
  }

  function finish(map, control, legend) {
    var box = L.control({position: "bottomleft"});
    box.onAdd = function () {
      var div = L.DomUtil.create("div", "gridgeo-legend");
      div.innerHTML = legend;
      L.DomEvent.disableClickPropagation(div);
      return div;
    };
    box.addTo(map);
    L.control.scale({imperial: false}).addTo(map);
    if (map.getSize().x > 700) {
      control.options.collapsed = false;
      control.expand();
      L.DomEvent.off(control.getContainer(), "mouseleave");
    }
    map.on("overlayadd overlayremove", function () { order(map); label(map); });
    map.on("moveend", function () { label(map); });
    map.on("zoomend", function () { thin(map); });
    order(map);
    thin(map);
    label(map);
  }

  return {layer: layer, finish: finish};
})();

// Popups of folium call jQuery for two things only; these few lines do them without it.
if (!window.$) {
  window.$ = function (what) {
    if (what === document) {
      return {ready: function (run) { run(); }};
    }
    var holder = document.createElement("div");
    holder.innerHTML = what;
    return holder.children;
  };
}

// Markers that a user adds find their picture here.
L.Icon.Default.imagePath = "";
L.Icon.Default.mergeOptions({
  iconUrl: "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAABkAAAApCAYAAADAk4LOAAAFgUlEQVR4Aa1XA5BjWRTN2oW17d3YaZtr2962HUzbDNpjszW24mRt28p47v7zq/bXZtrp/lWnXr337j3nPCe85NcypgSFdugCpW5YoDAMRaIMqRi6aKq5E3YqDQO3qAwjVWrD8Ncq/RBpykd8oZUb/kaJutow8r1aP9II0WmLKLIsJyv1w/kqw9Ch2MYdB++12Onxee/QMwvf4/Dk/Lfp/i4nxTXtOoQ4pW5Aj7wpici1A9erdAN2OH64x8OSP9j3Ft3b7aWkTg/Fm91siTra0f9on5sQr9INejH6CUUUpavjFNq1B+Oadhxmnfa8RfEmN8VNAsQhPqF55xHkMzz3jSmChWU6f7/XZKNH+9+hBLOHYozuKQPxyMPUKkrX/K0uWnfFaJGS1QPRtZsOPtr3NsW0uyh6NNCOkU3Yz+bXbT3I8G3xE5EXLXtCXbbqwCO9zPQYPRTZ5vIDXD7U+w7rFDEoUUf7ibHIR4y6bLVPXrz8JVZEql13trxwue/uDivd3fkWRbS6/IA2bID4uk0UpF1N8qLlbBlXs4Ee7HLTfV1j54APvODnSfOWBqtKVvjgLKzF5YdEk5ewRkGlK0i33Eofffc7HT56jD7/6U+qH3Cx7SBLNntH5YIPvODnyfIXZYRVDPqgHtLs5ABHD3YzLuespb7t79FY34DjMwrVrcTuwlT55YMPvOBnRrJ4VXTdNnYug5ucHLBjEpt30701A3Ts+HEa73u6dT3FNWwflY86eMHPk+Yu+i6pzUpRrW7SNDg5JHR4KapmM5Wv2E8Tfcb1HoqqHMHU+uWDD7zg54mz5/2BSnizi9T1Dg4QQXLToGNCkb6tb1NU+QAlGr1++eADrzhn/u8Q2YZhQVlZ5+CAOtqfbhmaUCS1ezNFVm2imDbPmPng5wmz+gwh+oHDce0eUtQ6OGDIyR0uUhUsoO3vfDmmgOezH0mZN59x7MBi++WDL1g/eEiU3avlidO671bkLfwbw5XV2P8Pzo0ydy4t2/0eu33xYSOMOD8hTf4CrBtGMSoXfPLchX+J0ruSePw3LZeK0juPJbYzrhkH0io7B3k164hiGvawhOKMLkrQLyVpZg8rHFW7E2uHOL888IBPlNZ1FPzstSJM694fWr6RwpvcJK60+0HCILTBzZLFNdtAzJaohze60T8qBzyh5ZuOg5e7uwQppofEmf2++DYvmySqGBuKaicF1blQjhuHdvCIMvp8whTTfZzI7RldpwtSzL+F1+wkdZ2TBOW2gIF88PBTzD/gpeREAMEbxnJcaJHNHrpzji0gQCS6hdkEeYt9DF/2qPcEC8RM28Hwmr3sdNyht00byAut2k3gufWNtgtOEOFGUwcXWNDbdNbpgBGxEvKkOQsxivJx33iow0Vw5S6SVTrpVq11ysA2Rp7gTfPfktc6zhtXBBC+adRLshf6sG2RfHPZ5EAc4sVZ83yCN00Fk/4kggu40ZTvIEm5g24qtU4KjBrx/BTTH8ifVASAG7gKrnWxJDcU7x8X6Ecczhm3o6YicvsLXWfh3Ch1W0k8x0nXF+0fFxgt4phz8QvypiwCCFKMqXCnqXExjq10beH+UUA7+nG6mdG/Pu0f3LgFcGrl2s0kNNjpmoJ9o4B29CMO8dMT4Q5ox8uitF6fqsrJOr8qnwNbRzv6hSnG5wP+64C7h9lp30hKNtKdWjtdkbuPA19nJ7Tz3zR/ibgARbhb4AlhavcBebmTHcFl2fvYEnW0ox9xMxKBS8btJ+KiEbq9zA4RthQXDhPa0T9TEe69gWupwc6uBUphquXgf+/FrIjweHQS4/pduMe5ERUMHUd9xv8ZR98CxkS4F2n3EUrUZ10EYNw7BWm9x1GiPssi3GgiGRDKWRYZfXlON+dfNbM+GgIwYdwAAAAASUVORK5CYII=",
  iconRetinaUrl: "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAABkAAAApCAYAAADAk4LOAAAFgUlEQVR4Aa1XA5BjWRTN2oW17d3YaZtr2962HUzbDNpjszW24mRt28p47v7zq/bXZtrp/lWnXr337j3nPCe85NcypgSFdugCpW5YoDAMRaIMqRi6aKq5E3YqDQO3qAwjVWrD8Ncq/RBpykd8oZUb/kaJutow8r1aP9II0WmLKLIsJyv1w/kqw9Ch2MYdB++12Onxee/QMwvf4/Dk/Lfp/i4nxTXtOoQ4pW5Aj7wpici1A9erdAN2OH64x8OSP9j3Ft3b7aWkTg/Fm91siTra0f9on5sQr9INejH6CUUUpavjFNq1B+Oadhxmnfa8RfEmN8VNAsQhPqF55xHkMzz3jSmChWU6f7/XZKNH+9+hBLOHYozuKQPxyMPUKkrX/K0uWnfFaJGS1QPRtZsOPtr3NsW0uyh6NNCOkU3Yz+bXbT3I8G3xE5EXLXtCXbbqwCO9zPQYPRTZ5vIDXD7U+w7rFDEoUUf7ibHIR4y6bLVPXrz8JVZEql13trxwue/uDivd3fkWRbS6/IA2bID4uk0UpF1N8qLlbBlXs4Ee7HLTfV1j54APvODnSfOWBqtKVvjgLKzF5YdEk5ewRkGlK0i33Eofffc7HT56jD7/6U+qH3Cx7SBLNntH5YIPvODnyfIXZYRVDPqgHtLs5ABHD3YzLuespb7t79FY34DjMwrVrcTuwlT55YMPvOBnRrJ4VXTdNnYug5ucHLBjEpt30701A3Ts+HEa73u6dT3FNWwflY86eMHPk+Yu+i6pzUpRrW7SNDg5JHR4KapmM5Wv2E8Tfcb1HoqqHMHU+uWDD7zg54mz5/2BSnizi9T1Dg4QQXLToGNCkb6tb1NU+QAlGr1++eADrzhn/u8Q2YZhQVlZ5+CAOtqfbhmaUCS1ezNFVm2imDbPmPng5wmz+gwh+oHDce0eUtQ6OGDIyR0uUhUsoO3vfDmmgOezH0mZN59x7MBi++WDL1g/eEiU3avlidO671bkLfwbw5XV2P8Pzo0ydy4t2/0eu33xYSOMOD8hTf4CrBtGMSoXfPLchX+J0ruSePw3LZeK0juPJbYzrhkH0io7B3k164hiGvawhOKMLkrQLyVpZg8rHFW7E2uHOL888IBPlNZ1FPzstSJM694fWr6RwpvcJK60+0HCILTBzZLFNdtAzJaohze60T8qBzyh5ZuOg5e7uwQppofEmf2++DYvmySqGBuKaicF1blQjhuHdvCIMvp8whTTfZzI7RldpwtSzL+F1+wkdZ2TBOW2gIF88PBTzD/gpeREAMEbxnJcaJHNHrpzji0gQCS6hdkEeYt9DF/2qPcEC8RM28Hwmr3sdNyht00byAut2k3gufWNtgtOEOFGUwcXWNDbdNbpgBGxEvKkOQsxivJx33iow0Vw5S6SVTrpVq11ysA2Rp7gTfPfktc6zhtXBBC+adRLshf6sG2RfHPZ5EAc4sVZ83yCN00Fk/4kggu40ZTvIEm5g24qtU4KjBrx/BTTH8ifVASAG7gKrnWxJDcU7x8X6Ecczhm3o6YicvsLXWfh3Ch1W0k8x0nXF+0fFxgt4phz8QvypiwCCFKMqXCnqXExjq10beH+UUA7+nG6mdG/Pu0f3LgFcGrl2s0kNNjpmoJ9o4B29CMO8dMT4Q5ox8uitF6fqsrJOr8qnwNbRzv6hSnG5wP+64C7h9lp30hKNtKdWjtdkbuPA19nJ7Tz3zR/ibgARbhb4AlhavcBebmTHcFl2fvYEnW0ox9xMxKBS8btJ+KiEbq9zA4RthQXDhPa0T9TEe69gWupwc6uBUphquXgf+/FrIjweHQS4/pduMe5ERUMHUd9xv8ZR98CxkS4F2n3EUrUZ10EYNw7BWm9x1GiPssi3GgiGRDKWRYZfXlON+dfNbM+GgIwYdwAAAAASUVORK5CYII=",
  shadowUrl: "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAACkAAAApCAQAAAACach9AAACMUlEQVR4Ae3ShY7jQBAE0Aoz/f9/HTMzhg1zrdKUrJbdx+Kd2nD8VNudfsL/Th///dyQN2TH6f3y/BGpC379rV+S+qqetBOxImNQXL8JCAr2V4iMQXHGNJxeCfZXhSRBcQMfvkOWUdtfzlLgAENmZDcmo2TVmt8OSM2eXxBp3DjHSMFutqS7SbmemzBiR+xpKCNUIRkdkkYxhAkyGoBvyQFEJEefwSmmvBfJuJ6aKqKWnAkvGZOaZXTUgFqYULWNSHUckZuR1HIIimUExutRxwzOLROIG4vKmCKQt364mIlhSyzAf1m9lHZHJZrlAOMMztRRiKimp/rpdJDc9Awry5xTZCte7FHtuS8wJgeYGrex28xNTd086Dik7vUMscQOa8y4DoGtCCSkAKlNwpgNtphjrC6MIHUkR6YWxxs6Sc5xqn222mmCRFzIt8lEdKx+ikCtg91qS2WpwVfBelJCiQJwvzixfI9cxZQWgiSJelKnwBElKYtDOb2MFbhmUigbReQBV0Cg4+qMXSxXSyGUn4UbF8l+7qdSGnTC0XLCmahIgUHLhLOhpVCtw4CzYXvLQWQbJNmxoCsOKAxSgBJno75avolkRw8iIAFcsdc02e9iyCd8tHwmeSSoKTowIgvscSGZUOA7PuCN5b2BX9mQM7S0wYhMNU74zgsPBj3HU7wguAfnxxjFQGBE6pwN+GjME9zHY7zGp8wVxMShYX9NXvEWD3HbwJf4giO4CFIQxXScH1/TM+04kkBiAAAAAElFTkSuQmCC"
});
