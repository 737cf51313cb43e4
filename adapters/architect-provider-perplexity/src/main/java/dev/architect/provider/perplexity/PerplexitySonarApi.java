package dev.architect.provider.perplexity;

import dev.architect.chat.ChatListener;
import dev.architect.model.Capability;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.StreamFormat;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** Sonar Chat Completions, which ended on 2026-09-27. Every call searches the web. */
final class PerplexitySonarApi implements PerplexityApi {

    private static final Set<Capability> ALL = Collections.unmodifiableSet(EnumSet.of(
            Capability.STREAMING,
            Capability.SYSTEM_TEXT,
            Capability.MULTI_TURN,
            Capability.MAX_OUTPUT_TOKENS,
            Capability.TEMPERATURE,
            Capability.STOP_SEQUENCES,
            Capability.WEB_SEARCH,
            Capability.IMAGES,
            Capability.MEDIA_LINKS,
            Capability.JSON_SCHEMA));

    private static final Set<Capability> WITH_REASONING;

    static {
        EnumSet<Capability> more = EnumSet.of(Capability.REASONING_EFFORT);
        more.addAll(ALL);
        WITH_REASONING = Collections.unmodifiableSet(more);
    }

    private final ProviderHttp http;
    private final PerplexitySonarRequestWriter requests;

    PerplexitySonarApi(ProviderHttp http, PerplexityProvider.Builder settings) {
        this.http = http;
        this.requests = new PerplexitySonarRequestWriter(http, settings.path());
    }

    @Override
    public Set<Capability> capabilities(String model) {
        if (PerplexityModelCapabilities.isEmbedding(model)) {
            return PerplexityModelCapabilities.capabilities(model);
        }
        return hasReasoning(model) ? WITH_REASONING : ALL;
    }

    /** Whether the model reasons before it answers. */
    static boolean hasReasoning(String model) {
        return model.contains("reasoning") || isDeepResearch(model);
    }

    /** Whether the model counts reasoning and citations apart from its answer. */
    static boolean isDeepResearch(String model) {
        return model.contains("deep-research");
    }

    @Override
    public boolean listsModels() {
        return false;
    }

    @Override
    public ProviderAnswer chat(ProviderCall call) {
        return http.chat(
                call, requests.whole(call), (json, exchange) -> new PerplexitySonarStreamReader(exchange).whole(json));
    }

    @Override
    public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
        return http.stream(call, requests.streamed(call), StreamFormat.SSE, listener, PerplexitySonarStreamReader::new);
    }
}
