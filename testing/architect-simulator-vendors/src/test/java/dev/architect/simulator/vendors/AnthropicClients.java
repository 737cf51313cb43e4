package dev.architect.simulator.vendors;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;

/** Anthropic's own client, pointed at the simulator: it does not retry, and validates every answer against its own models. */
final class AnthropicClients {

    private AnthropicClients() {}

    static AnthropicClient of(SimulatedProvider provider) {
        return of(provider, SimulatedProvider.KEY);
    }

    static AnthropicClient of(SimulatedProvider provider, String key) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(provider.baseUrl())
                .apiKey(key)
                .maxRetries(0)
                .responseValidation(true)
                .build();
    }
}
