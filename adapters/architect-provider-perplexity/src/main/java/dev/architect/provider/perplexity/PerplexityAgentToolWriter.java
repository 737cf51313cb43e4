package dev.architect.provider.perplexity;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.Tool;
import dev.architect.model.Capability;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.spi.ProviderCall;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Writes the tools of a call: those that Perplexity has itself, and those of the caller. */
final class PerplexityAgentToolWriter {

    static final Set<String> OPTIONS =
            Set.of("tools", "fetch_urls", "force_search", "search_tokens", "search_tokens_per_page");

    /** Names of its own, which a caller's tool must not have: the call would be refused. */
    private static final Set<String> RESERVED = Set.of(
            "web_search",
            "search_web",
            "image_search",
            "fetch_url",
            "people_search",
            "search_people",
            "finance_search",
            "sandbox");

    private static final List<String> BUILT_IN = List.of("fetch_url", "people_search", "finance_search", "sandbox");

    private final ProviderHttp http;
    private final ProviderCall call;
    private final PerplexityOptions options;

    PerplexityAgentToolWriter(ProviderHttp http, ProviderCall call, PerplexityOptions options) {
        this.http = http;
        this.call = call;
        this.options = options;
    }

    void write(ObjectNode body) {
        ArrayNode tools = JsonNodeFactory.instance.arrayNode();
        boolean searches = call.request().selection().needs().contains(Capability.WEB_SEARCH);
        ObjectNode search = search();
        // The Agent API does not search on its own; a preset brings a search, which options may only adjust.
        if (searches || (options.has("preset") && search.size() > 1)) {
            tools.add(search);
        } else if (search.size() > 1) {
            throw http.unsupported(
                    call, "options of a search are set " + names(search) + ", expected a call that needs WEB_SEARCH");
        }
        for (String name : builtIn()) {
            ObjectNode tool = tools.addObject().put("type", name);
            if (name.equals("fetch_url")) {
                options.number("fetch_urls", 1, 100).ifPresent(count -> tool.put("max_urls", count));
            }
        }
        call.request().toolset().tools().forEach(tool -> tools.add(function(tool)));
        if (!tools.isEmpty()) {
            body.set("tools", tools);
        }
        if (options.flag("force_search")) {
            if (!searches) {
                throw options.unsupportedOption("force_search", "a call that needs WEB_SEARCH");
            }
            body.putObject("tool_choice").put("type", "web_search");
        }
    }

    private ObjectNode search() {
        ObjectNode search = JsonNodeFactory.instance.objectNode().put("type", "web_search");
        ObjectNode filters = PerplexitySearchWriter.filters(options);
        if (!filters.isEmpty()) {
            search.set("filters", filters);
        }
        PerplexitySearchWriter.writeContext(options, search);
        options.number("search_tokens", 1, 10_000_000).ifPresent(count -> search.put("max_tokens", count));
        options.number("search_tokens_per_page", 1, 10_000_000)
                .ifPresent(count -> search.put("max_tokens_per_page", count));
        if (options.has("search_context") && (search.has("max_tokens") || search.has("max_tokens_per_page"))) {
            throw options.unsupportedOption("search_context", "none beside search_tokens and search_tokens_per_page");
        }
        return search;
    }

    private static Set<String> names(ObjectNode search) {
        Set<String> names = new TreeSet<>();
        search.fieldNames().forEachRemaining(names::add);
        names.remove("type");
        return names;
    }

    private Set<String> builtIn() {
        Set<String> names = new TreeSet<>(options.list("tools"));
        if (!BUILT_IN.containsAll(names)) {
            throw options.unsupportedOption("tools", "some of " + BUILT_IN);
        }
        if (options.has("fetch_urls")) {
            names.add("fetch_url");
        }
        return names;
    }

    private ObjectNode function(Tool tool) {
        if (RESERVED.contains(tool.name())) {
            throw http.unsupported(
                    call, "tool is '" + tool.name() + "', expected none of the names " + new TreeSet<>(RESERVED));
        }
        ObjectNode function = JsonNodeFactory.instance.objectNode();
        function.put("type", "function").put("name", tool.name()).put("description", tool.description());
        function.set("parameters", http.toolSchema(call, tool));
        return function;
    }
}
