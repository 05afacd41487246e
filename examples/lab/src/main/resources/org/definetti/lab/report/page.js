// Turns each still picture into one that answers: hover or touch names the values at a place, the
// legend hides and shows curves, buttons change the scales. Without it the still picture stays.
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
    var source = document.getElementById(place.dataset.chart).textContent;
    var evenly = {};
    function narrow() {
      return place.clientWidth <= 480;
    }
    function height() {
      return (narrow() ? place.dataset.narrow : place.dataset.wide) + "px";
    }
    function described() {
      var option = withScales(JSON.parse(source), evenly);
      option.baseOption.tooltip.formatter = words;
      option.baseOption.tooltip.position = function (point, params, box, rect, size) {
        // Over the legend, so that the curves stay in sight.
        var below = option.media[narrow() ? 0 : 1].option.grid.bottom;
        return [4, size.viewSize[1] - below + 8];
      };
      return option;
    }
    place.replaceChildren();
    place.style.height = height();
    var chart = echarts.init(place, null, { renderer: "svg" });
    chart.setOption(described());
    var width = place.clientWidth;
    new ResizeObserver(function () {
      if (place.clientWidth !== width && place.clientWidth > 0) {
        width = place.clientWidth;
        place.style.height = height();
        chart.resize();
      }
    }).observe(place);

    var tools = document.createElement("div");
    tools.className = "tools";
    ["xAxis", "yAxis"].forEach(function (name) {
      var axis = JSON.parse(source).baseOption[name];
      if (!axis.base) {
        return;
      }
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = "log " + axis.name;
      button.title = "equal ratios, or equal differences, take equal space";
      button.setAttribute("aria-pressed", "true");
      button.addEventListener("click", function () {
        evenly[name] = !evenly[name];
        button.setAttribute("aria-pressed", String(!evenly[name]));
        var option = described();
        option.baseOption.legend.selected = chart.getOption().legend[0].selected;
        chart.setOption(option, true);
      });
      tools.appendChild(button);
    });
    place.after(tools);
  });
})();
