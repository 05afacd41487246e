// What JSON cannot hold: where values lie on an axis, and how places are written. On a logarithmic
// axis a place is the power to which the base is raised, rounded so that last bits change no picture.
// Runs in the page and where the pictures are drawn.

// The scale of an axis: as described, or with equal differences taking equal space.
function scaleOf(axis, evenly) {
  var base = evenly ? 0 : axis.base || 0;
  var low = base ? axis.min : axis.ends[0];
  var high = base ? axis.max : axis.ends[1];
  if (!base) {
    delete axis.base;
    delete axis.min;
    delete axis.max;
    delete axis.interval;
  }
  delete axis.ends;
  axis.axisLabel.formatter = function (place) {
    var value = base ? Math.pow(base, place) : place;
    if (base === 10 && (place < -3 || place > 5)) {
      return "10" + String(Math.round(place)).replace(/./g, function (sign) {
        return sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(+sign);
      });
    }
    var text = String(base ? +value.toPrecision(3) : +value.toPrecision(12));
    return (base === 2 && value >= 1 ? String(value) : text).replace(/-/g, "−");
  };
  function place(value) {
    return base ? Math.round((Math.log(value) / Math.log(base)) * 1e6) / 1e6 : value;
  }
  // The place of an end of an interval, held within the axis.
  function held(value) {
    var at = base && value <= 0 ? low : place(value);
    return Math.min(Math.max(at, low), high);
  }
  return { low: low, high: high, place: place, held: held };
}

// Upright lines with a cap at each end that lies within the axis, as one line with gaps.
function intervals(data, x, y) {
  var half = 0.007 * (x.high - x.low);
  var line = [];
  data.forEach(function (one) {
    var at = x.place(one[0]);
    line.push([at, y.held(one[1])], [at, y.held(one[2])], null);
    [one[1], one[2]].forEach(function (end) {
      var height = y.held(end);
      if (height === y.place(end)) {
        line.push([Math.max(at - half, x.low), height], [Math.min(at + half, x.high), height], null);
      }
    });
  });
  return line;
}

// The ground between the ends of intervals: a line there above them and back below, to be filled.
function band(data, x, y) {
  var above = [];
  var below = [];
  data.forEach(function (one) {
    above.push([x.place(one[0]), y.held(one[2])]);
    below.unshift([x.place(one[0]), y.held(one[1])]);
  });
  return above.concat(below);
}

// Puts the values of an option in their places; evenly says which axes are to be linear.
function withScales(option, evenly) {
  var base = option.baseOption;
  var x = scaleOf(base.xAxis, evenly.xAxis);
  var y = scaleOf(base.yAxis, evenly.yAxis);
  function placed(pair) {
    return [x.place(pair[0]), y.place(pair[1])];
  }
  base.series.forEach(function (one) {
    if (one.intervals) {
      one.data = intervals(one.data, x, y);
    } else if (one.band) {
      one.data = band(one.data, x, y);
    } else {
      one.data = one.data.map(function (item) {
        return item === null
          ? null
          : item.value
            ? { value: placed(item.value), at: item.at, name: item.name }
            : placed(item);
      });
    }
    delete one.intervals;
    delete one.band;
  });
  return option;
}
