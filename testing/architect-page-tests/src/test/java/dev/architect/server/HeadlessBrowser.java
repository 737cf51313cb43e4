package dev.architect.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One page of a headless Chromium, driven through its DevTools protocol. Instances share a process and no state, and contact only the server
 * under test.
 */
final class HeadlessBrowser implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int MOST_TABS = 120;

    private final WebSocket socket;

    /** Has cookies, storage and a cache of its own. */
    private final String context;

    private final String session;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> pending = new ConcurrentHashMap<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();

    private HeadlessBrowser(BrowserProcess process) {
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(process.address(), new Messages())
                .join();
        context = send(null, "Target.createBrowserContext", JSON.createObjectNode())
                .get("browserContextId")
                .textValue();
        String target = send(
                        null,
                        "Target.createTarget",
                        JSON.createObjectNode().put("url", "about:blank").put("browserContextId", context))
                .get("targetId")
                .textValue();
        session = send(
                        null,
                        "Target.attachToTarget",
                        JSON.createObjectNode().put("targetId", target).put("flatten", true))
                .get("sessionId")
                .textValue();
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            send(domain + ".enable", JSON.createObjectNode());
        }
        // As the only window that is open, which it is for its test.
        send("Emulation.setFocusEmulationEnabled", JSON.createObjectNode().put("enabled", true));
    }

    /** Where Chromium is, empty when the PATH has none. */
    static Optional<Path> find() {
        return BrowserProcess.find();
    }

    static HeadlessBrowser start() throws IOException {
        return new HeadlessBrowser(BrowserProcess.shared());
    }

    /** Accepts self-signed certificates, as a test makes them. */
    void acceptEveryCertificate() {
        send("Security.setIgnoreCertificateErrors", JSON.createObjectNode().put("ignore", true));
    }

    /** The cookies of the page that is open. */
    JsonNode cookies() {
        return send("Network.getCookies", JSON.createObjectNode()).get("cookies");
    }

    void open(String url) {
        send("Page.navigate", JSON.createObjectNode().put("url", url));
    }

    /** Sets the size of the window and the colour scheme that the user prefers. */
    void show(int width, int height, String scheme) {
        show(width, height, scheme, false);
    }

    /** As {@link #show(int, int, String)}; the user may also force the colours of every page. */
    void show(int width, int height, String scheme, boolean forcesColours) {
        send(
                "Emulation.setDeviceMetricsOverride",
                JSON.createObjectNode()
                        .put("width", width)
                        .put("height", height)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
        send("Emulation.setScrollbarsHidden", JSON.createObjectNode().put("hidden", true));
        ObjectNode media = JSON.createObjectNode();
        ArrayNode features = media.putArray("features");
        features.addObject().put("name", "prefers-color-scheme").put("value", scheme);
        features.addObject().put("name", "prefers-reduced-motion").put("value", "reduce");
        features.addObject().put("name", "forced-colors").put("value", forcesColours ? "active" : "none");
        send("Emulation.setEmulatedMedia", media);
    }

    /**
     * Gives every page that is opened from now on clocks that {@link #advanceClock} moves, beside their own pace until {@link #stopClock}.
     */
    void makeClockMovable() {
        send("Page.addScriptToEvaluateOnNewDocument", JSON.createObjectNode().put("source", """
                (() => {
                  let ahead = 0;
                  let stopped = null;
                  const wall = Date.now.bind(Date);
                  const steady = performance.now.bind(performance);
                  Date.now = () => (stopped ? stopped.wall : wall()) + ahead;
                  performance.now = () => (stopped ? stopped.steady : steady()) + ahead;
                  window.advanceClock = (millis) => { ahead += millis; };
                  window.stopClock = () => { stopped ??= { wall: wall(), steady: steady() }; };
                })();
                """));
    }

    /** Runs a script in every page that is opened from now on, before its own; returns its name. */
    String beforeEachPage(String script) {
        return send(
                        "Page.addScriptToEvaluateOnNewDocument",
                        JSON.createObjectNode().put("source", script))
                .get("identifier")
                .textValue();
    }

    /** Takes {@link #beforeEachPage} back. */
    void notBeforeEachPage(String name) {
        send("Page.removeScriptToEvaluateOnNewDocument", JSON.createObjectNode().put("identifier", name));
    }

    /** Moves the clocks of the page. */
    void advanceClock(Duration duration) {
        evaluate("advanceClock(" + duration.toMillis() + ")");
    }

    /** Lets the clocks of the page move by {@link #advanceClock} alone, however long what the test does takes. */
    void stopClock() {
        evaluate("stopClock()");
    }

    /** Returns what a JavaScript expression gives. */
    JsonNode evaluate(String expression) {
        JsonNode answer = send(
                "Runtime.evaluate",
                JSON.createObjectNode()
                        .put("expression", expression)
                        .put("awaitPromise", true)
                        .put("returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
        }
        return answer.at("/result/value");
    }

    String text(String selector) {
        return evaluate("document.querySelector('" + selector + "')?.innerText ?? ''")
                .asText();
    }

    /** Waits until a JavaScript condition holds; it is evaluated again after a navigation. */
    void until(String condition) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                if (evaluate("new Promise(done => { let looks = 100; const look = async () => { let held = false;"
                                + "try { held = Boolean(await (" + condition + ")); } catch { held = false; }"
                                + "looks -= 1; if (held || looks == 0) { done(held); } else { setTimeout(look, 20); } };"
                                + "look(); })")
                        .asBoolean()) {
                    return;
                }
            } catch (IllegalStateException navigated) {
                continue;
            }
        }
        throw new AssertionError("not within " + TIMEOUT + ": " + condition + "\n"
                + evaluate("location.href + ' ' + document.body.innerText").asText() + "\n" + problems);
    }

    /** Types into a field with key events. */
    void type(String selector, String text) {
        evaluate("document.querySelector('" + selector + "').focus()");
        send("Input.insertText", JSON.createObjectNode().put("text", text));
    }

    /** Presses and releases a key that writes one character. */
    void press(char key) {
        for (String type : List.of("keyDown", "keyUp")) {
            send(
                    "Input.dispatchKeyEvent",
                    JSON.createObjectNode()
                            .put("type", type)
                            .put("key", String.valueOf(key))
                            .put("text", type.equals("keyDown") ? String.valueOf(key) : ""));
        }
    }

    /** Presses and releases the key to enter. */
    void pressEnter() {
        for (String type : List.of("keyDown", "keyUp")) {
            send(
                    "Input.dispatchKeyEvent",
                    JSON.createObjectNode()
                            .put("type", type)
                            .put("key", "Enter")
                            .put("windowsVirtualKeyCode", 13)
                            .put("text", type.equals("keyDown") ? "\r" : ""));
        }
    }

    void click(String selector) {
        evaluate("document.querySelector('" + selector + "').click()");
    }

    /** Presses a key where the focus is, such as {@code Enter}, {@code j} or {@code Control+k}. */
    void press(String key) {
        boolean isControl = key.startsWith("Control+");
        String name = isControl ? key.substring("Control+".length()) : key;
        ObjectNode event = JSON.createObjectNode().put("key", name).put("modifiers", isControl ? 2 : 0);
        if (name.equals("Enter")) {
            event.put("text", "\r").put("windowsVirtualKeyCode", 13);
        } else if (name.equals("Tab")) {
            event.put("windowsVirtualKeyCode", 9);
        } else if (name.equals("Escape")) {
            event.put("windowsVirtualKeyCode", 27);
        } else if (name.length() == 1 && !isControl) {
            event.put("text", name);
        }
        send("Input.dispatchKeyEvent", event.deepCopy().put("type", "keyDown"));
        event.remove("text");
        send("Input.dispatchKeyEvent", event.put("type", "keyUp"));
    }

    /** Goes on by the Tab key until the focus is on what a condition of {@code e} holds for, once the page has it. */
    void tabTo(String condition) {
        until("[...document.querySelectorAll('*')].some(e => { try { return " + condition
                + "; } catch { return false; } })");
        for (int i = 0; i < MOST_TABS; i++) {
            if (evaluate("Boolean((e => " + condition + ")(document.activeElement))")
                    .asBoolean()) {
                return;
            }
            press("Tab");
        }
        throw new AssertionError("the focus never came to where " + condition);
    }

    /**
     * Gives the browser an authenticator that has room for passkeys, and agrees to whatever it is asked, as a finger on its sensor would.
     *
     * @return its id
     */
    String addAuthenticator() {
        send("WebAuthn.enable", JSON.createObjectNode());
        ObjectNode authenticator = JSON.createObjectNode();
        authenticator
                .putObject("options")
                .put("protocol", "ctap2")
                .put("transport", "internal")
                .put("hasResidentKey", true)
                .put("hasUserVerification", true)
                .put("isUserVerified", true)
                .put("automaticPresenceSimulation", true);
        return send("WebAuthn.addVirtualAuthenticator", authenticator)
                .get("authenticatorId")
                .textValue();
    }

    /** Whether the authenticator recognises who holds it from now on. */
    void verifyUser(String authenticator, boolean isVerified) {
        send(
                "WebAuthn.setUserVerified",
                JSON.createObjectNode().put("authenticatorId", authenticator).put("isUserVerified", isVerified));
    }

    /** Takes the authenticator away, with its passkeys. */
    void removeAuthenticator(String authenticator) {
        send("WebAuthn.removeVirtualAuthenticator", JSON.createObjectNode().put("authenticatorId", authenticator));
    }

    /** Types where the focus is. */
    void type(String text) {
        send("Input.insertText", JSON.createObjectNode().put("text", text));
    }

    /** The violations that axe-core finds on the page, one line for each element. */
    String accessibilityViolations() throws IOException {
        try (InputStream axe =
                HeadlessBrowser.class.getResourceAsStream("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js")) {
            evaluate(new String(axe.readAllBytes(), StandardCharsets.UTF_8) + ";0");
        }
        return evaluate("axe.run().then(found => found.violations.flatMap(rule => rule.nodes.map(node => "
                        + "rule.id + ': ' + node.target + ' ' + node.failureSummary)).join('\\n'))")
                .asText();
    }

    void screenshot(Path file) {
        ObjectNode whole =
                JSON.createObjectNode().put("captureBeyondViewport", true).put("optimizeForSpeed", true);
        JsonNode size = send("Page.getLayoutMetrics", JSON.createObjectNode()).get("cssContentSize");
        whole.putObject("clip")
                .put("x", 0)
                .put("y", 0)
                .put("width", size.get("width").asInt())
                .put("height", size.get("height").asInt())
                .put("scale", 1);
        String data = send("Page.captureScreenshot", whole).get("data").textValue();
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, Base64.getDecoder().decode(data));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Problems of the page: failed scripts, blocked content, errors on its console. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** Leaves the page, so that later problems of another server's page are not recorded. */
    void clearProblems() {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        do {
            assertThat(System.nanoTime()).as("time until the page was left").isLessThan(deadline);
            open("about:blank");
        } while (!isBlank());
        problems.clear();
    }

    /** A page that leaves by itself, as one whose login has ended does, may take the browser elsewhere. */
    private boolean isBlank() {
        try {
            return evaluate("location.href").asText().equals("about:blank");
        } catch (IllegalStateException navigated) {
            return false;
        }
    }

    private JsonNode send(String method, ObjectNode parameters) {
        return send(session, method, parameters);
    }

    private synchronized JsonNode send(String to, String method, ObjectNode parameters) {
        int number = numbers.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        pending.put(number, answer);
        ObjectNode message = JSON.createObjectNode().put("id", number).put("method", method);
        message.set("params", parameters);
        if (to != null) {
            message.put("sessionId", to);
        }
        socket.sendText(message.toString(), true).join();
        try {
            JsonNode whole = answer.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            if (whole.has("error")) {
                throw new IllegalStateException(method + ": " + whole.get("error"));
            }
            return whole.get("result");
        } catch (IllegalStateException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new AssertionError(method + " was not answered", failure);
        }
    }

    /** Ends the page and forgets its cookies, its storage and its cache. */
    @Override
    public void close() {
        send(null, "Target.disposeBrowserContext", JSON.createObjectNode().put("browserContextId", context));
        socket.abort();
    }

    private final class Messages implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    receive(JSON.readTree(text.toString()));
                } catch (IOException failure) {
                    problems.add(failure.toString());
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        private void receive(JsonNode message) {
            if (message.has("id")) {
                CompletableFuture<JsonNode> waiting =
                        pending.remove(message.get("id").intValue());
                if (waiting != null) {
                    waiting.complete(message);
                }
                return;
            }
            String method = message.get("method").asText();
            JsonNode parameters = message.get("params");
            if (method.equals("Runtime.exceptionThrown")) {
                problems.add(
                        parameters.at("/exceptionDetails/exception/description").asText());
            }
            if (method.equals("Log.entryAdded")
                    && parameters.at("/entry/level").asText().equals("error")) {
                problems.add(parameters.at("/entry/text").asText() + " "
                        + parameters.at("/entry/url").asText());
            }
        }
    }
}
