package dev.architect.provider.claude;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.ModelInfo;
import dev.architect.model.ModelState;
import dev.architect.provider.http.ModelReader;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.message.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads the list of models. */
final class ClaudeModelListReader {

    private static final String FIRST_PAGE = "/v1/models?limit=1000";

    private ClaudeModelListReader() {}

    static List<ModelInfo> models(ProviderHttp http, Duration timeout) {
        return ModelReader.models(
                http,
                HttpRequest.get(FIRST_PAGE),
                timeout,
                "data",
                ClaudeModelListReader::model,
                ClaudeModelListReader::next);
    }

    /** A retired model cannot be called. */
    private static Optional<ModelInfo> model(JsonNode entry) {
        String id = entry.path("id").asText("");
        return id.isBlank() || entry.path("lifecycle").asText("").equals("retired")
                ? Optional.empty()
                : Optional.of(new ModelInfo(
                        id,
                        ModelReader.tokenLimit(entry.path("max_input_tokens")),
                        ModelReader.tokenLimit(entry.path("max_tokens")),
                        ModelState.HOSTED));
    }

    private static Optional<HttpRequest> next(JsonNode page) {
        String last = page.path("last_id").asText("");
        return page.path("has_more").asBoolean(false) && !last.isEmpty()
                ? Optional.of(HttpRequest.get(FIRST_PAGE + "&after_id=" + HttpRequest.segment(last)))
                : Optional.empty();
    }
}
