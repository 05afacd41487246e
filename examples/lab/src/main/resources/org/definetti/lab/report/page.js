// Turns each still picture into one that answers: hover or touch names the values at a place,
// the legend hides and shows curves. Where this does not run, the still picture stays.
(function () {
  function words(params) {
    var lines = document.createElement("div");
    params.forEach(function (one, i) {
      if (i === 0) {
        var head = document.createElement("b");
        head.textContent = one.data.at;
        lines.appendChild(head);
      }
      var line = document.createElement("div");
      var dot = document.createElement("span");
      dot.className = "dot";
      dot.style.background = one.color;
      line.append(dot, one.seriesName + ": " + one.data.name);
      lines.appendChild(line);
    });
    return lines;
  }
  document.querySelectorAll("[data-chart]").forEach(function (place) {
    var source = document.getElementById(place.dataset.chart);
    var option = withLabels(JSON.parse(source.textContent));
    function narrow() {
      return place.clientWidth <= 480;
    }
    function height() {
      return (narrow() ? place.dataset.narrow : place.dataset.wide) + "px";
    }
    option.baseOption.tooltip.formatter = words;
    option.baseOption.tooltip.position = function (point, params, box, rect, size) {
      // Over the legend, so that the curves stay in sight.
      var below = option.media[narrow() ? 0 : 1].option.grid.bottom;
      return [4, size.viewSize[1] - below + 8];
    };
    place.replaceChildren();
    place.style.height = height();
    var chart = echarts.init(place, null, { renderer: "svg" });
    chart.setOption(option);
    var width = place.clientWidth;
    new ResizeObserver(function () {
      if (place.clientWidth !== width && place.clientWidth > 0) {
        width = place.clientWidth;
        place.style.height = height();
        chart.resize();
      }
    }).observe(place);
  });
})();
