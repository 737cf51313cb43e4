package dev.architect.provider.perplexity;

import dev.architect.chat.ChatListener;
import dev.architect.model.Capability;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.StreamFormat;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import java.util.Set;

/** The Agent API. */
final class PerplexityAgentApi implements PerplexityApi {

    private final ProviderHttp http;
    private final PerplexityAgentRequestWriter requests;

    PerplexityAgentApi(ProviderHttp http, PerplexityProvider.Builder settings) {
        this.http = http;
        this.requests = new PerplexityAgentRequestWriter(http, settings);
    }

    @Override
    public Set<Capability> capabilities(String model) {
        return PerplexityModelCapabilities.capabilities(model);
    }

    @Override
    public boolean listsModels() {
        return true;
    }

    @Override
    public ProviderAnswer chat(ProviderCall call) {
        return http.chat(
                call,
                requests.whole(call),
                (json, exchange) -> PerplexityAgentStreamReader.whole(json, exchange, call));
    }

    @Override
    public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
        return http.stream(
                call,
                requests.streamed(call),
                StreamFormat.SSE,
                listener,
                exchange -> new PerplexityAgentStreamReader(exchange, call));
    }
}
