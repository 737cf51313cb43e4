package dev.architect.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.simulator.http.RawHttpServer;
import dev.architect.simulator.http.RawRequest;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.log.SimulatedCall;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.simulator.script.SimulatorScript;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** Reads and changes the state of a running simulator over HTTP; see the package description. */
final class ControlEndpoint {

    private static final int LAST_CALLS = 100;
    private static final List<String> LOOPBACK_NAMES = List.of("127.0.0.1", "localhost", "[::1]");

    private final AtomicReference<SimulatorScript> script;
    private final CallLog log;

    ControlEndpoint(AtomicReference<SimulatorScript> script, CallLog log) {
        this.script = script;
        this.log = log;
    }

    void handle(RawRequest request, RawHttpServer.Exchange exchange) throws IOException {
        // A web page in a browser of this machine could send requests too: DNS rebinding shows in Host, cross-site
        // requests in Origin.
        String host = request.headers().getOrDefault("host", "").replaceFirst(":\\d+$", "");
        if (!LOOPBACK_NAMES.contains(host) || request.header("origin") != null) {
            send(exchange, 403, error("the control endpoint answers only local programs"));
            return;
        }
        try {
            switch (request.method() + " " + request.path()) {
                case "GET /" -> send(exchange, 200, state());
                case "POST /" -> {
                    change(request.body());
                    send(exchange, 200, state());
                }
                case "GET /log" -> send(exchange, 200, calls(request));
                case "DELETE /log" -> {
                    log.clear();
                    send(exchange, 200, state());
                }
                default -> send(exchange, 404, error("expected GET or POST /control, GET or DELETE /control/log"));
            }
        } catch (IllegalArgumentException e) {
            send(exchange, 400, error(String.valueOf(e.getMessage())));
        }
    }

    private void change(byte[] body) {
        String patch = new String(body, StandardCharsets.UTF_8);
        script.updateAndGet(current -> current.patched(patch));
    }

    private ObjectNode state() {
        SimulatorScript current = script.get();
        ObjectNode state = SimulatorJson.object()
                .put("startedAt", log.startedAt().toString())
                .put("seed", current.seed())
                .put("recordedAnswers", current.answers().size());
        ObjectNode providers = SimulatorJson.object();
        current.providers().forEach((name, provider) -> providers.set(name, provider(provider, log.sum(name))));
        state.set("providers", providers);
        state.set("total", sum(log.total()));
        return state;
    }

    private static ObjectNode provider(ProviderScript provider, CallLog.Sum sum) {
        ObjectNode node = sum(sum).put(
                        "outage",
                        provider.outage() == null
                                ? null
                                : provider.outage()
                                        .name()
                                        .toLowerCase(Locale.ROOT)
                                        .replace("_", ""))
                .put("keyRequired", provider.apiKey() != null);
        ArrayNode errors = SimulatorJson.array();
        provider.errors()
                .forEach(error -> errors.add(SimulatorJson.object()
                        .put("status", error.status())
                        .put("share", error.share())
                        .put("midStream", error.midStream())));
        node.set("errors", errors);
        ArrayNode models = SimulatorJson.array();
        provider.models().keySet().forEach(models::add);
        node.set("models", models);
        return node;
    }

    private static ObjectNode sum(CallLog.Sum sum) {
        return SimulatorJson.object()
                .put("arrived", sum.arrived())
                .put("answered", sum.answered())
                .put("billedPicoUsd", sum.billedPicoUsd());
    }

    private ArrayNode calls(RawRequest request) {
        String last = request.query().getOrDefault("last", Integer.toString(LAST_CALLS));
        if (!last.matches("\\d{1,6}")) {
            throw new IllegalArgumentException("last is " + last + ", expected a number of calls, 0 to 999999");
        }
        ArrayNode calls = SimulatorJson.array();
        for (SimulatedCall call : log.last(Integer.parseInt(last))) {
            calls.add(SimulatorJson.object()
                    .put("number", call.number())
                    .put("sinceStartNanos", call.sinceStart().toNanos())
                    .put("arrivedAt", call.arrivedAt().toString())
                    .put("tookNanos", call.took().toNanos())
                    .put("provider", call.provider())
                    .put("path", call.path())
                    .put("model", call.model())
                    .put("stream", call.stream())
                    .put("status", call.status())
                    .put("action", call.action().name().toLowerCase(Locale.ROOT))
                    .put("promptTokens", call.promptTokens())
                    .put("cacheReadTokens", call.cacheReadTokens())
                    .put("cacheWriteTokens", call.cacheWriteTokens())
                    .put("outputTokens", call.outputTokens())
                    .put("reasoningTokens", call.reasoningTokens())
                    .put("searches", call.searches())
                    .put("billedPicoUsd", call.billedPicoUsd())
                    .put("clientHungUp", call.clientHungUp())
                    .put("requestId", call.requestId())
                    .put("longCacheWriteTokens", call.longCacheWriteTokens())
                    .put("toolsOffered", call.toolsOffered())
                    .put("toolCalls", call.toolCalls())
                    .put("mediaParts", call.mediaParts())
                    .put("effort", call.effort()));
        }
        return calls;
    }

    private static ObjectNode error(String message) {
        return SimulatorJson.object().put("error", message);
    }

    private static void send(RawHttpServer.Exchange exchange, int status, JsonNode body) throws IOException {
        exchange.respond(
                status,
                Map.of("content-type", "application/json"),
                SimulatorJson.join(SimulatorJson.pretty(body), SimulatorJson.utf8("\n")));
    }
}
