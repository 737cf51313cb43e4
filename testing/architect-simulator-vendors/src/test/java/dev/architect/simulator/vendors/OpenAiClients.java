package dev.architect.simulator.vendors;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;

/** OpenAI's own client, pointed at the simulator: it does not retry, and validates every answer against its own models. */
final class OpenAiClients {

    private OpenAiClients() {}

    static OpenAIClient of(SimulatedProvider provider) {
        return of(provider, SimulatedProvider.KEY);
    }

    static OpenAIClient of(SimulatedProvider provider, String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(provider.baseUrl())
                .apiKey(key)
                .maxRetries(0)
                .responseValidation(true)
                .build();
    }
}
