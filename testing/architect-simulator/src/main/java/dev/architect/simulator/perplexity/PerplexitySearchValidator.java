package dev.architect.simulator.perplexity;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.log.CallAction;
import dev.architect.simulator.wire.ErrorResponseException;
import dev.architect.simulator.wire.StrictFields;
import java.util.List;
import java.util.Set;

/** Checks the search parameters of a request; both of Perplexity's APIs have the same fields, in different places. */
final class PerplexitySearchValidator {

    /** The filters by their names. */
    static final Set<String> FILTERS = Set.of(
            "search_domain_filter",
            "search_recency_filter",
            "search_after_date_filter",
            "search_before_date_filter",
            "last_updated_after_filter",
            "last_updated_before_filter");

    private static final StrictFields FIELDS = PerplexityErrorWriter.FIELDS;

    private PerplexitySearchValidator() {}

    /** Checks a tool of type {@code web_search}. */
    static void tool(JsonNode tool, String path) throws ErrorResponseException {
        if (tool.hasNonNull("filters")) {
            FIELDS.allowOnly(tool.get("filters"), path + ".filters", FILTERS);
            filters(tool.get("filters"), path + ".filters");
        }
        FIELDS.range(tool, path, "max_tokens", 1, Integer.MAX_VALUE);
        FIELDS.range(tool, path, "max_tokens_per_page", 1, Integer.MAX_VALUE);
        context(tool, path);
        boolean sized = tool.hasNonNull("max_tokens") || tool.hasNonNull("max_tokens_per_page");
        if (sized && tool.hasNonNull("search_context_size")) {
            throw PerplexityErrorWriter.invalid(
                    "search_context_size cannot stand beside max_tokens", path + ".search_context_size");
        }
    }

    static void filters(JsonNode filters, String path) throws ErrorResponseException {
        FIELDS.forEachItem(filters, path, "search_domain_filter", (domain, at) -> {
            if (!domain.isTextual() || domain.textValue().isBlank()) {
                throw PerplexityErrorWriter.invalid(at + " is no domain", at);
            }
        });
        if (filters.hasNonNull("search_recency_filter")) {
            FIELDS.oneOf(filters, path, "search_recency_filter", Set.of("hour", "day", "week", "month", "year"));
        }
        for (String name : List.of(
                "search_after_date_filter",
                "search_before_date_filter",
                "last_updated_after_filter",
                "last_updated_before_filter")) {
            if (!FIELDS.optionalText(filters, path, name).matches("|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}")) {
                throw PerplexityErrorWriter.error(
                        400,
                        CallAction.BAD_REQUEST,
                        name + " is no date of the form MM/DD/YYYY",
                        "invalid_date_format",
                        StrictFields.fieldPath(path, name));
            }
        }
    }

    /** Checks the size of the context and the place of the user. */
    static void context(JsonNode search, String path) throws ErrorResponseException {
        if (search.hasNonNull("search_context_size")) {
            FIELDS.oneOf(search, path, "search_context_size", Set.of("low", "medium", "high"));
        }
        if (search.hasNonNull("user_location")) {
            JsonNode place = search.get("user_location");
            String at = path + ".user_location";
            FIELDS.allowOnly(place, at, Set.of("city", "country", "region", "latitude", "longitude"));
            FIELDS.range(place, at, "latitude", -90, 90);
            FIELDS.range(place, at, "longitude", -180, 180);
        }
    }
}
