package dev.architect.provider.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelInfo;
import dev.architect.provider.http.message.HttpRequest;
import dev.architect.provider.http.reading.Exchange;
import dev.architect.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads lists of models, page by page, and counts of tokens. */
public final class ModelReader {

    // A server whose next page is always there must not keep the caller until its timeout.
    private static final int MAX_PAGES = 10;

    private ModelReader() {}

    /** Requests a list of one page whose models have nothing but an {@code id}, in {@code data}; most services answer so. */
    public static List<ModelInfo> models(ProviderHttp http, HttpRequest request, Duration timeout) {
        return models(http, request, timeout, "data", ModelReader::hosted, page -> Optional.empty());
    }

    /**
     * Requests a list of models, at most {@value #MAX_PAGES} pages of it.
     *
     * @param timeout the longest time for all pages together
     * @param field what holds the list in a page
     * @param model makes a model of an entry; entries of which it makes none are left out
     * @param next the request of what follows a page, empty after the last
     * @throws dev.architect.model.ProviderException of kind {@code PROTOCOL} when a page has no such list, of kind
     *     {@code TIMEOUT} when the time is over before the last page
     */
    public static List<ModelInfo> models(
            ProviderHttp http,
            HttpRequest first,
            Duration timeout,
            String field,
            Function<JsonNode, Optional<ModelInfo>> model,
            Function<JsonNode, Optional<HttpRequest>> next) {
        TimeSource time = TimeSource.system();
        long deadline = time.nanoTime() + timeout.toNanos();
        Duration timeLeft = timeout;
        List<ModelInfo> models = new ArrayList<>();
        Optional<HttpRequest> request = Optional.of(first);
        for (int page = 0; page < MAX_PAGES && request.isPresent(); page++) {
            request = http.call("models", request.get(), timeLeft, (body, exchange) -> {
                list(body, field, exchange).forEach(entry -> model.apply(entry).ifPresent(models::add));
                Optional<HttpRequest> more = next.apply(body);
                if (more.isPresent() && time.nanoTime() - deadline >= 0) {
                    throw exchange.failure(FailureKind.TIMEOUT)
                            .explanation("list not complete in time")
                            .build();
                }
                return more;
            });
            // A timeout of zero means no limit to OkHttp, hence at least one nanosecond.
            timeLeft = Duration.ofNanos(Math.max(1, deadline - time.nanoTime()));
        }
        return List.copyOf(models);
    }

    /**
     * Returns the list in {@code field}.
     *
     * @throws dev.architect.model.ProviderException of kind {@code PROTOCOL} when it is none
     */
    public static JsonNode list(JsonNode body, String field, Exchange exchange) {
        JsonNode list = body.path(field);
        if (!list.isArray()) {
            throw exchange.protocolFailure("answer has no list of models");
        }
        return list;
    }

    /**
     * Returns a count of tokens.
     *
     * @throws dev.architect.model.ProviderException of kind {@code PROTOCOL} when it is not a whole number of zero or more
     */
    public static long tokenCount(JsonNode count, Exchange exchange) {
        if (!isWhole(count) || count.longValue() < 0) {
            throw exchange.protocolFailure("answer has no count of tokens");
        }
        return count.longValue();
    }

    /** Returns the most tokens that a model takes or makes; empty when it is not a whole number above zero. */
    public static Optional<Long> tokenLimit(JsonNode tokens) {
        return isWhole(tokens) && tokens.longValue() > 0 ? Optional.of(tokens.longValue()) : Optional.empty();
    }

    private static boolean isWhole(JsonNode number) {
        return number.isIntegralNumber() && number.canConvertToLong();
    }

    private static Optional<ModelInfo> hosted(JsonNode entry) {
        return Optional.of(entry.path("id").asText(""))
                .filter(id -> !id.isBlank())
                .map(ModelInfo::hosted);
    }
}
