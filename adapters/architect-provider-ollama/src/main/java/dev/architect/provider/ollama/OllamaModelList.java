package dev.architect.provider.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.Capability;
import dev.architect.model.ModelInfo;
import dev.architect.model.ModelState;
import dev.architect.provider.http.ModelReader;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.StreamFormat;
import dev.architect.provider.http.StreamReader.Progress;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.reading.Exchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The models that a server has: which, where they are, what they can do, and how more of them come. */
final class OllamaModelList {

    private final ProviderHttp http;

    OllamaModelList(ProviderHttp http) {
        this.http = http;
    }

    /** What is on disk, joined with what is in memory: only there the window is known that the server gives a model. */
    List<ModelInfo> models(Duration timeout) {
        // Two requests share the timeout; the added nanosecond keeps the half above zero, which would mean no limit.
        Duration half = timeout.dividedBy(2).plusNanos(1);
        Map<String, JsonNode> loaded = new HashMap<>();
        for (JsonNode entry : list("/api/ps", half)) {
            loaded.put(id(entry), entry);
        }
        List<ModelInfo> models = new ArrayList<>();
        for (JsonNode entry : list("/api/tags", half)) {
            String id = id(entry);
            JsonNode running = loaded.get(id);
            ModelState state = running == null ? ModelState.PULLED : ModelState.LOADED;
            Optional<Long> window = running == null ? Optional.empty() : count(running.path("context_length"));
            if (!id.isBlank()) {
                models.add(new ModelInfo(id, window, Optional.empty(), isRemote(entry) ? ModelState.REMOTE : state));
            }
        }
        return List.copyOf(models);
    }

    OllamaModel describe(String model, Duration timeout) {
        return http.call(model, OllamaRequestWriter.show(model), timeout, (body, exchange) -> {
            boolean isRemote = isRemote(body);
            JsonNode info = body.path("model_info");
            String architecture = info.path("general.architecture").asText("");
            Optional<Long> window = count(info.path(architecture + ".context_length"));
            return new OllamaModel(
                    new ModelInfo(model, window, Optional.empty(), isRemote ? ModelState.REMOTE : ModelState.PULLED),
                    capabilities(body.path("capabilities"), isRemote));
        });
    }

    void pull(String model, Duration timeout, Consumer<OllamaPullProgress> listener) {
        http.streamProgress(
                model,
                OllamaRequestWriter.pull(model),
                StreamFormat.NDJSON,
                timeout,
                (event, exchange) -> pulled(event.json(), exchange, listener));
    }

    private static Progress pulled(JsonNode line, Exchange exchange, Consumer<OllamaPullProgress> listener) {
        if (line.hasNonNull("error")) {
            throw exchange.failure(OllamaErrorReader.inPull(line)).build();
        }
        String status = line.path("status").asText("");
        listener.accept(new OllamaPullProgress(
                status, line.path("digest").asText(""), count(line.path("total")), count(line.path("completed"))));
        return status.equals("success") ? Progress.DONE : Progress.OPEN;
    }

    private JsonNode list(String path, Duration timeout) {
        return http.call(
                "models",
                HttpRequest.get(path),
                timeout,
                (body, exchange) -> ModelReader.list(body, "models", exchange));
    }

    private static Set<Capability> capabilities(JsonNode names, boolean isRemote) {
        Set<Capability> all = EnumSet.noneOf(Capability.class);
        for (JsonNode name : names) {
            switch (name.asText("")) {
                case "completion" -> all.addAll(OllamaModelCapabilities.chat(Set.of()));
                case "tools" -> all.add(Capability.TOOLS);
                case "vision" -> all.add(Capability.IMAGES);
                case "thinking" -> all.add(Capability.REASONING_EFFORT);
                case "embedding" -> all.add(Capability.EMBEDDINGS);
                default -> {
                    // Capabilities that this version does not know, or does not use, such as "insert".
                }
            }
        }
        // The vendor behind the server does not heed schemas (docs.ollama.com, archived in 2026).
        if (isRemote) {
            all.remove(Capability.JSON_SCHEMA);
        }
        if (isRemote || all.contains(Capability.REASONING_EFFORT)) {
            all.remove(Capability.PREFILL);
        }
        return all;
    }

    private static String id(JsonNode entry) {
        return entry.path("model").asText(entry.path("name").asText(""));
    }

    private static boolean isRemote(JsonNode entry) {
        return !entry.path("remote_host").asText("").isEmpty()
                || !entry.path("remote_model").asText("").isEmpty();
    }

    private static Optional<Long> count(JsonNode number) {
        return number.canConvertToExactIntegral() && number.canConvertToLong() && number.longValue() >= 0
                ? Optional.of(number.longValue())
                : Optional.empty();
    }
}
