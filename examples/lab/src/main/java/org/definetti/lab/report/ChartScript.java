package org.definetti.lab.report;

import org.mozilla.javascript.Context;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/**
 * Apache ECharts, run by Mozilla Rhino: loaded at a thread's first picture, once for the thread.
 *
 * <p>The scripts see no Java class and no file.
 */
final class ChartScript {

  /** The smallest bundle with lines, tooltips, legend and the SVG renderer. */
  private static final String BUNDLE =
      "/META-INF/resources/_static/echarts/5.6.0/dist/echarts.common.min.js";

  /** What the bundle expects of its surroundings; nothing here waits or prints. */
  private static final String SURROUNDINGS =
      """
      var self = this, window = undefined;
      var console = {log: function () {}, warn: function () {}, error: function () {}};
      function setTimeout() {}
      function clearTimeout() {}
      """;

  private static final String DRAW =
      """
      function draw(text, width, height) {
        var chart = echarts.init(
            null, null, {renderer: 'svg', ssr: true, width: width, height: height});
        try {
          chart.setOption(withScales(JSON.parse(text), {}));
          return chart.renderToSVGString();
        } finally {
          chart.dispose();
        }
      }
      """;

  private static final ThreadLocal<Scriptable> LOADED = ThreadLocal.withInitial(ChartScript::load);

  private ChartScript() {}

  /** Returns the library as one script, for the page. */
  static String bundle() {
    return Resources.text(BUNDLE);
  }

  /** Returns the SVG the library draws for an option. */
  static String svg(String option, int width, int height) {
    Context context = context();
    try {
      Object[] arguments = {option, width, height};
      return Context.toString(
          ScriptableObject.callMethod(context, LOADED.get(), "draw", arguments));
    } finally {
      Context.exit();
    }
  }

  private static Context context() {
    Context context = Context.enter();
    // Interpreted: compiled, a method of the bundle would exceed the 64 kB of the class format.
    context.setInterpretedMode(true);
    context.setLanguageVersion(Context.VERSION_ES6);
    return context;
  }

  private static Scriptable load() {
    Context context = context();
    try {
      Scriptable scope = context.initSafeStandardObjects();
      context.evaluateString(scope, SURROUNDINGS, "surroundings", 1, null);
      context.evaluateString(scope, bundle(), "echarts", 1, null);
      context.evaluateString(scope, Resources.text("chart.js"), "chart.js", 1, null);
      context.evaluateString(scope, DRAW, "draw", 1, null);
      return scope;
    } finally {
      Context.exit();
    }
  }
}
