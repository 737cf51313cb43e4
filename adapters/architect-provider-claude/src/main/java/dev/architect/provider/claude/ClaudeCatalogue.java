package dev.architect.provider.claude;

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
final class ClaudeCatalogue {

    private static final String FIRST_PAGE = "/v1/models?limit=1000";
    private static final int MOST_PAGES = 10;

    private ClaudeCatalogue() {}

    /** The timeout is for each page; there are hardly ever two. */
    static List<ModelInfo> models(ProviderHttp http, Duration timeout) {
        List<ModelInfo> models = new ArrayList<>();
        String path = FIRST_PAGE;
        for (int page = 0; page < MOST_PAGES; page++) {
            JsonNode list = http.ask("models", HttpRequest.get(path), timeout, ClaudeCatalogue::page);
            list.path("data").forEach(model -> add(model, models));
            String last = list.path("last_id").asText("");
            if (!list.path("has_more").asBoolean(false) || last.isEmpty()) {
                break;
            }
            path = FIRST_PAGE + "&after_id=" + HttpRequest.segment(last);
        }
        return List.copyOf(models);
    }

    static long count(JsonNode answer, Exchange exchange) {
        JsonNode tokens = answer.path("input_tokens");
        if (!tokens.isIntegralNumber() || tokens.longValue() < 0) {
            throw exchange.failure(FailureKind.PROTOCOL)
                    .explanation("answer has no count of tokens")
                    .build();
        }
        return tokens.longValue();
    }

    private static JsonNode page(JsonNode list, Exchange exchange) {
        if (!list.path("data").isArray()) {
            throw exchange.failure(FailureKind.PROTOCOL)
                    .explanation("answer has no list of models")
                    .build();
        }
        return list;
    }

    /** A retired model cannot be called. */
    private static void add(JsonNode model, List<ModelInfo> models) {
        String id = model.path("id").asText("");
        if (!id.isBlank() && !model.path("lifecycle").asText("").equals("retired")) {
            models.add(new ModelInfo(
                    id, count(model.path("max_input_tokens")), count(model.path("max_tokens")), ModelState.HOSTED));
        }
    }

    private static @Nullable Long count(JsonNode tokens) {
        return tokens.isIntegralNumber() && tokens.longValue() > 0 ? tokens.longValue() : null;
    }
}
