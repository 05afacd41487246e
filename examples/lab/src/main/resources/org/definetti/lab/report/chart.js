// What JSON cannot hold: how places on a logarithmic axis are written. A place is the power to
// which the base is raised. Runs in the page and where the pictures are drawn.
function withLabels(option) {
  [option.baseOption.xAxis, option.baseOption.yAxis].forEach(function (axis) {
    axis.axisLabel.formatter = function (place) {
      var value = axis.base ? Math.pow(axis.base, place) : place;
      if (axis.base === 10 && (place < -3 || place > 5)) {
        return "10" + String(Math.round(place)).replace(/./g, function (sign) {
          return sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(+sign);
        });
      }
      var text = String(axis.base ? +value.toPrecision(3) : +value.toPrecision(12));
      return (axis.base === 2 && value >= 1 ? String(value) : text).replace(/-/g, "−");
    };
  });
  return option;
}
