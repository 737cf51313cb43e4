package dev.architect.server.gateway.dialect;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Quality;
import dev.architect.cost.Money;
import dev.architect.project.Attribution;
import dev.architect.project.ProjectId;
import dev.architect.request.Cancellation;
import dev.architect.request.RequestScope;
import dev.architect.server.rest.ApiException;
import dev.architect.server.rest.BodyFields;
import dev.architect.server.rest.EnumWords;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a client states about a request in headers, because its dialect has no field for it.
 *
 * @param project the header {@code architect-project}; null when it is missing
 * @param quality the header {@code architect-quality}; null when it is missing
 * @param maxCost the header {@code architect-max-cost-usd}; null when it is missing
 * @param tags the header {@code architect-tags}, {@code name=value} with commas between them
 * @param timeout the header {@code architect-timeout-ms}; null when it is missing
 * @param keepsNothing the header {@code architect-no-store}: whether no text of the request and of its answer is kept
 * @param wantsDetails the header {@code architect-details}: whether a stream ends with a comment about its cost
 */
public record RequestWishes(
        @Nullable ProjectId project,
        @Nullable Quality quality,
        @Nullable Money maxCost,
        Map<String, String> tags,
        @Nullable Duration timeout,
        boolean keepsNothing,
        boolean wantsDetails) {

    private static final String PROJECT = "architect-project";
    private static final String QUALITY = "architect-quality";
    private static final String MAX_COST = "architect-max-cost-usd";
    private static final String TAGS = "architect-tags";
    private static final String TIMEOUT = "architect-timeout-ms";
    private static final int MAX_COST_CHARACTERS = 20;
    private static final String NO_STORE = "architect-no-store";
    private static final String DETAILS = "architect-details";

    /** Reads the headers of a request, or throws the error of the first one that is wrong. */
    public static RequestWishes read(Context request) {
        String project = request.header(PROJECT);
        String quality = request.header(QUALITY);
        String maxCost = request.header(MAX_COST);
        String tags = request.header(TAGS);
        String timeout = request.header(TIMEOUT);
        return new RequestWishes(
                project == null ? null : project(project.strip()),
                quality == null ? null : quality(quality.strip()),
                maxCost == null ? null : maxCost(maxCost.strip()),
                tags == null ? Map.of() : tags(tags),
                timeout == null ? null : timeout(timeout.strip()),
                truth(NO_STORE, request.header(NO_STORE)),
                truth(DETAILS, request.header(DETAILS)));
    }

    /** Returns {@code request} with the least quality and the limit of its cost that the client wants. */
    public ChatRequest apply(ChatRequest request) {
        if (quality == null && maxCost == null) {
            return request;
        }
        ChatRequest.Builder changed = request.toBuilder().maxCost(maxCost);
        return (quality == null ? changed : changed.quality(quality)).build();
    }

    /** Returns on whose behalf {@code request} is made. */
    public RequestScope scope(GatewayRequest request, Cancellation cancellation) {
        Map<String, String> all = new HashMap<>(request.tags());
        all.putAll(tags);
        Attribution attribution =
                project == null && all.isEmpty() && request.user().isEmpty()
                        ? Attribution.DEFAULT
                        : checked(
                                TAGS,
                                () -> new Attribution(
                                        project == null ? ProjectId.DEFAULT : project, request.user(), all));
        RequestScope scope =
                new RequestScope(attribution, timeout == null ? RequestScope.DEFAULT_TIMEOUT : timeout, cancellation);
        return keepsNothing ? scope.withoutKeptText() : scope;
    }

    private static ProjectId project(String name) {
        return checked(PROJECT, () -> new ProjectId(name));
    }

    private static Quality quality(String word) {
        return EnumWords.parse(Quality.class, word)
                .orElseThrow(() -> invalid(
                        QUALITY,
                        "'" + BodyFields.shorten(word) + "', expected one of " + EnumWords.list(Quality.class)));
    }

    private static Money maxCost(String text) {
        // A number of dollars has no exponent; one could stand for any number of digits.
        if (text.length() > MAX_COST_CHARACTERS || text.chars().anyMatch(c -> c != '.' && (c < '0' || c > '9'))) {
            throw invalid(MAX_COST, "'" + BodyFields.shorten(text) + "', expected dollars, such as 0.05");
        }
        try {
            return Money.ofUsd(text);
        } catch (ArithmeticException | NumberFormatException wrong) {
            throw invalid(MAX_COST, "'" + text + "', expected dollars with at most 12 decimal places");
        }
    }

    private static Map<String, String> tags(String text) {
        Map<String, String> tags = new HashMap<>();
        for (String tag : text.split(",", -1)) {
            int equals = tag.indexOf('=');
            if (equals < 1) {
                throw invalid(TAGS, "'" + BodyFields.shorten(tag.strip()) + "', expected name=value");
            }
            tags.put(tag.substring(0, equals).strip(), tag.substring(equals + 1).strip());
        }
        return tags;
    }

    private static Duration timeout(String text) {
        try {
            long millis = Long.parseLong(text);
            if (millis >= 1 && millis <= RequestScope.DEFAULT_TIMEOUT.toMillis()) {
                return Duration.ofMillis(millis);
            }
        } catch (NumberFormatException notANumber) {
            // Answered as any other wrong value.
        }
        throw invalid(
                TIMEOUT,
                "'" + BodyFields.shorten(text) + "', expected milliseconds, 1.."
                        + RequestScope.DEFAULT_TIMEOUT.toMillis());
    }

    private static boolean truth(String name, @Nullable String text) {
        if (text == null || text.strip().equals("false")) {
            return false;
        }
        if (text.strip().equals("true")) {
            return true;
        }
        throw invalid(name, "'" + BodyFields.shorten(text) + "', expected true or false");
    }

    private static <T> T checked(String header, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException wrong) {
            throw ApiException.invalidValue(header, header + ": " + wrong.getMessage());
        }
    }

    private static ApiException invalid(String header, String message) {
        return ApiException.invalidValue(header, header + " is " + message);
    }
}
