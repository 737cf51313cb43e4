package dev.architect.provider.gemini;

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
final class GeminiModelListReader {

    private static final String FIRST_PAGE = "/v1beta/models?pageSize=1000";
    private static final String PREFIX = "models/";

    private GeminiModelListReader() {}

    static List<ModelInfo> models(ProviderHttp http, Duration timeout) {
        return ModelReader.models(
                http,
                HttpRequest.get(FIRST_PAGE),
                timeout,
                "models",
                GeminiModelListReader::model,
                GeminiModelListReader::next);
    }

    private static Optional<ModelInfo> model(JsonNode entry) {
        String name = entry.path("name").asText("");
        String id = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
        return id.isBlank()
                ? Optional.empty()
                : Optional.of(new ModelInfo(
                        id,
                        ModelReader.tokenLimit(entry.path("inputTokenLimit")),
                        ModelReader.tokenLimit(entry.path("outputTokenLimit")),
                        ModelState.HOSTED));
    }

    private static Optional<HttpRequest> next(JsonNode page) {
        String token = page.path("nextPageToken").asText("");
        return token.isEmpty()
                ? Optional.empty()
                : Optional.of(HttpRequest.get(FIRST_PAGE + "&pageToken=" + HttpRequest.segment(token)));
    }
}
