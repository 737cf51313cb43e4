package dev.architect.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelInfo;
import dev.architect.model.ModelState;
import dev.architect.provider.http.Exchange;
import dev.architect.provider.http.HttpRequest;
import dev.architect.provider.http.ProviderHttp;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the list of models, page by page, and counts of tokens. */
final class GeminiCatalogue {

    private static final String FIRST_PAGE = "/v1beta/models?pageSize=1000";
    private static final int MOST_PAGES = 10;
    private static final String PREFIX = "models/";

    private GeminiCatalogue() {}

    /** The timeout is for each page; there are hardly ever two. */
    static List<ModelInfo> models(ProviderHttp http, Duration timeout) {
        List<ModelInfo> models = new ArrayList<>();
        String path = FIRST_PAGE;
        for (int page = 0; page < MOST_PAGES; page++) {
            JsonNode list = http.ask("models", HttpRequest.get(path), timeout, GeminiCatalogue::page);
            list.path("models").forEach(model -> add(model, models));
            String next = list.path("nextPageToken").asText("");
            if (next.isEmpty()) {
                break;
            }
            path = FIRST_PAGE + "&pageToken=" + HttpRequest.segment(next);
        }
        return List.copyOf(models);
    }

    static long count(JsonNode answer, Exchange exchange) {
        JsonNode tokens = answer.path("totalTokens");
        if (!tokens.isIntegralNumber() || tokens.longValue() < 0) {
            throw exchange.failure(FailureKind.PROTOCOL)
                    .explanation("answer has no count of tokens")
                    .build();
        }
        return tokens.longValue();
    }

    private static JsonNode page(JsonNode list, Exchange exchange) {
        if (!list.path("models").isArray()) {
            throw exchange.failure(FailureKind.PROTOCOL)
                    .explanation("answer has no list of models")
                    .build();
        }
        return list;
    }

    private static void add(JsonNode model, List<ModelInfo> models) {
        String name = model.path("name").asText("");
        String id = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
        if (!id.isBlank()) {
            models.add(new ModelInfo(
                    id,
                    limit(model.path("inputTokenLimit")),
                    limit(model.path("outputTokenLimit")),
                    ModelState.HOSTED));
        }
    }

    private static @Nullable Long limit(JsonNode tokens) {
        return tokens.isIntegralNumber() && tokens.longValue() > 0 ? tokens.longValue() : null;
    }
}
