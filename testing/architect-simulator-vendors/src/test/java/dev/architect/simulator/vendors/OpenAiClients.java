package dev.architect.simulator.vendors;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;

/** OpenAI's own client, pointed at the simulator: it tries once and holds every answer to its own models. */
final class OpenAiClients {

    private OpenAiClients() {}

    static OpenAIClient of(SimulatedProvider simulated) {
        return of(simulated, SimulatedProvider.KEY);
    }

    static OpenAIClient of(SimulatedProvider simulated, String key) {
        return OpenAIOkHttpClient.builder()
                .baseUrl(simulated.baseUrl())
                .apiKey(key)
                .maxRetries(0)
                .responseValidation(true)
                .build();
    }
}
