package dev.architect.testkit.vendors;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;

/** OpenAI's own client, pointed at the simulator: it tries once and holds every answer to its own models. */
final class OpenAiClients {

    private OpenAiClients() {}

    static OpenAIClient of(Simulated simulated) {
        return of(simulated, Simulated.KEY);
    }

    static OpenAIClient of(Simulated simulated, String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(simulated.baseUrl())
                .apiKey(key)
                .maxRetries(0)
                .responseValidation(true)
                .build();
    }
}
