package org.definetti.lab.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real Chromium without a window, driven by the W3C WebDriver protocol.
 *
 * <p>It starts with an empty profile, finds no host, and keeps what its pages printed and asked
 * for.
 */
final class Browser implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PORT = Pattern.compile("started successfully on port (\\d+)");
  private static final List<String> FLAGS =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--disable-dev-shm-usage",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
          "--lang=en-US",
          "--hide-scrollbars");

  private final Process driver;
  private final HttpClient http;
  private final String address;
  private final String session;

  private Browser(Process driver, int port, Path profile) {
    this.driver = driver;
    this.http =
        HttpClient.newBuilder()
            .proxy(HttpClient.Builder.NO_PROXY)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    this.address = "http://127.0.0.1:" + port + "/session";
    List<String> flags = new ArrayList<>(FLAGS);
    flags.add("--user-data-dir=" + profile);
    Map<String, Object> options =
        Map.of("binary", String.valueOf(find("chromium", "chromium-browser")), "args", flags);
    Map<String, Object> wanted =
        Map.of(
            "goog:chromeOptions",
            options,
            "goog:loggingPrefs",
            Map.of("browser", "ALL", "performance", "ALL"));
    JsonNode answer = send("POST", "", Map.of("capabilities", Map.of("alwaysMatch", wanted)));
    this.session = "/" + answer.path("sessionId").asText();
  }

  /** Returns why there is no browser to drive here, empty where there is one. */
  static String whyNone() {
    return find("chromium", "chromium-browser") == null
        ? "no chromium on the path (Debian: apt-get install chromium)"
        : find("chromedriver") == null
            ? "no chromedriver on the path (Debian: apt-get install chromium-driver)"
            : "";
  }

  private static Path find(String... names) {
    String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/bin";
    return Stream.of(names)
        .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(dir -> Path.of(dir, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  /** Starts a browser that keeps its profile in an empty directory. */
  static Browser start(Path profile) {
    try {
      Process driver =
          new ProcessBuilder(String.valueOf(find("chromedriver")), "--port=0")
              .redirectErrorStream(true)
              .start();
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(driver.getInputStream(), StandardCharsets.UTF_8));
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        Matcher port = PORT.matcher(line);
        if (port.find()) {
          return new Browser(driver, Integer.parseInt(port.group(1)), profile);
        }
      }
      throw new IllegalStateException("chromedriver ended without naming its port");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void open(Path page) {
    send("POST", session + "/url", Map.of("url", page.toUri().toString()));
  }

  /** Runs the body of a function in the page and returns what it returns. */
  JsonNode run(String script) {
    return send("POST", session + "/execute/sync", Map.of("script", script, "args", List.of()));
  }

  /** Clicks as a hand would: fails where something lies over the element. */
  void click(String selector) {
    send("POST", element(selector) + "/click", Map.of());
  }

  /** Types into an element, over what is there. */
  void type(String selector, String text) {
    send("POST", element(selector) + "/clear", Map.of());
    send("POST", element(selector) + "/value", Map.of("text", text));
  }

  /** Presses one key: {@code \uE004} is the tabulator, {@code \uE007} enter. */
  void press(String key) {
    Map<String, Object> keys =
        Map.of(
            "type",
            "key",
            "id",
            "keys",
            "actions",
            List.of(
                Map.of("type", "keyDown", "value", key), Map.of("type", "keyUp", "value", key)));
    send("POST", session + "/actions", Map.of("actions", List.of(keys)));
  }

  private String element(String selector) {
    JsonNode found =
        send("POST", session + "/element", Map.of("using", "css selector", "value", selector));
    return session + "/element/" + found.elements().next().asText();
  }

  /** Shows the page as this medium would, {@code screen} or {@code print}, light or dark. */
  void media(String medium, boolean dark) {
    Map<String, Object> scheme =
        Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
    devTools("Emulation.setEmulatedMedia", Map.of("media", medium, "features", List.of(scheme)));
  }

  /** Gives the page a screen of so many points. */
  void size(int width, int height) {
    devTools(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
  }

  /** Writes a picture of what is on the screen. */
  void screenshot(Path file) {
    JsonNode picture = send("GET", session + "/screenshot", null);
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.write(file, Base64.getDecoder().decode(picture.asText()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what was printed since the last call: errors, warnings, broken policies. */
  List<String> messages() {
    List<String> messages = new ArrayList<>();
    log("browser").forEach(entry -> messages.add(entry.path("message").asText()));
    return messages;
  }

  /** Returns the addresses asked for since the last call. */
  List<String> requests() {
    List<String> addresses = new ArrayList<>();
    for (JsonNode entry : log("performance")) {
      try {
        JsonNode message = JSON.readTree(entry.path("message").asText()).path("message");
        if (message.path("method").asText().equals("Network.requestWillBeSent")) {
          addresses.add(message.at("/params/request/url").asText());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return addresses;
  }

  private JsonNode log(String type) {
    return send("POST", session + "/se/log", Map.of("type", type));
  }

  private void devTools(String command, Map<String, Object> parameters) {
    send("POST", session + "/goog/cdp/execute", Map.of("cmd", command, "params", parameters));
  }

  private JsonNode send(String method, String path, Object body) {
    try {
      HttpRequest.BodyPublisher content =
          body == null
              ? HttpRequest.BodyPublishers.noBody()
              : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body));
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(address + path))
              .timeout(Duration.ofMinutes(2))
              .header("Content-Type", "application/json; charset=utf-8")
              .method(method, content)
              .build();
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      JsonNode value = JSON.readTree(response.body()).path("value");
      if (response.statusCode() != 200) {
        throw new IllegalStateException(
            path + ": " + value.path("error").asText() + ": " + value.path("message").asText());
      }
      return value;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends the browser and its driver. */
  @Override
  public void close() {
    try {
      send("DELETE", session, null);
    } finally {
      driver.descendants().forEach(ProcessHandle::destroy);
      driver.destroy();
    }
  }
}
