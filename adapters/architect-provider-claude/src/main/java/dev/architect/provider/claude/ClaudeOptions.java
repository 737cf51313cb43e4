package dev.architect.provider.claude;

import dev.architect.model.ProviderException;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.spi.ProviderCall;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The options of a request that are Claude's.
 *
 * @param serviceTier which capacity may be used; empty for Claude's default
 * @param user an opaque id of the end user, if any
 * @param withCitations whether the answer may cite the request's documents
 */
record ClaudeOptions(Optional<String> serviceTier, Optional<String> user, boolean withCitations) {

    private static final String SERVICE_TIER = "service_tier";
    private static final String USER = "user";
    private static final String CITATIONS = "citations";
    private static final Set<String> KNOWN = Set.of(SERVICE_TIER, USER, CITATIONS);

    /** Reads them, and fails on one that is not known or has a value that Claude does not take. */
    static ClaudeOptions read(ProviderHttp http, ProviderCall call) {
        Map<String, String> options = http.guard().options(call, KNOWN);
        String tier = options.get(SERVICE_TIER);
        if (tier != null && !tier.equals("auto") && !tier.equals("standard_only")) {
            throw unsupported(http, call, SERVICE_TIER, tier, "auto or standard_only");
        }
        String citations = options.getOrDefault(CITATIONS, "false");
        if (!citations.equals("true") && !citations.equals("false")) {
            throw unsupported(http, call, CITATIONS, citations, "true or false");
        }
        boolean withCitations = citations.equals("true");
        if (withCitations && call.request().generation().outputSchema().isPresent()) {
            throw unsupported(http, call, CITATIONS, citations, "false with an outputSchema");
        }
        return new ClaudeOptions(Optional.ofNullable(tier), Optional.ofNullable(options.get(USER)), withCitations);
    }

    private static ProviderException unsupported(
            ProviderHttp http, ProviderCall call, String option, String value, String expected) {
        return http.unsupported(
                call, "option " + http.provider() + "." + option + " is '" + value + "', expected " + expected);
    }
}
