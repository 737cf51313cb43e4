package dev.architect.provider.perplexity;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where and what to search, as the options of a request set it. Both wire formats have the same fields, in different places.
 * {@code Omit search_context_size when supplying explicit max_tokens} is the vendor's rule (perplexity-py 0.38).
 */
final class PerplexitySearchWriter {

    static final Set<String> OPTIONS = Set.of(
            "search_domains",
            "search_recency",
            "search_after",
            "search_before",
            "updated_after",
            "updated_before",
            "search_context",
            "user_country",
            "user_region",
            "user_city",
            "user_latitude",
            "user_longitude");

    private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");
    private static final Pattern DEGREES = Pattern.compile("-?[0-9]{1,3}(\\.[0-9]{1,9})?");

    private PerplexitySearchWriter() {}

    /** Which pages count. */
    static ObjectNode filters(PerplexityOptions options) {
        ObjectNode filters = JsonNodeFactory.instance.objectNode();
        List<String> domains = options.list("search_domains");
        if (!domains.isEmpty()) {
            domains.forEach(filters.putArray("search_domain_filter")::add);
        }
        options.oneOf("search_recency", "hour", "day", "week", "month", "year")
                .ifPresent(word -> filters.put("search_recency_filter", word));
        options.date("search_after").ifPresent(date -> filters.put("search_after_date_filter", date));
        options.date("search_before").ifPresent(date -> filters.put("search_before_date_filter", date));
        options.date("updated_after").ifPresent(date -> filters.put("last_updated_after_filter", date));
        options.date("updated_before").ifPresent(date -> filters.put("last_updated_before_filter", date));
        return filters;
    }

    /** How much is read of what was found, and for whom. */
    static void writeContext(PerplexityOptions options, ObjectNode search) {
        options.oneOf("search_context", "low", "medium", "high")
                .ifPresent(size -> search.put("search_context_size", size));
        ObjectNode place = JsonNodeFactory.instance.objectNode();
        options.matching("user_country", COUNTRY, "two capital letters (ISO 3166-1)")
                .ifPresent(code -> place.put("country", code));
        options.text("user_region").ifPresent(name -> place.put("region", name));
        options.text("user_city").ifPresent(name -> place.put("city", name));
        for (String axis : List.of("latitude", "longitude")) {
            options.matching("user_" + axis, DEGREES, "degrees such as 52.5")
                    .ifPresent(degrees -> place.put(axis, new BigDecimal(degrees)));
        }
        if (!place.isEmpty()) {
            search.set("user_location", place);
        }
    }
}
