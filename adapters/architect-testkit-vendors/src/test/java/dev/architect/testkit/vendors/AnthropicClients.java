package dev.architect.testkit.vendors;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;

/** Anthropic's own client, pointed at the simulator: it tries once and holds every answer to its own models. */
final class AnthropicClients {

    private AnthropicClients() {}

    static AnthropicClient of(Simulated simulated) {
        return of(simulated, Simulated.KEY);
    }

    static AnthropicClient of(Simulated simulated, String key) {
        return AnthropicOkHttpClient.builder()
                .baseUrl(simulated.baseUrl())
                .apiKey(key)
                .maxRetries(0)
                .responseValidation(true)
                .build();
    }
}
