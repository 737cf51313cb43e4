package dev.architect.simulator.vendors;

import com.google.genai.Client;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;

/** Google's own client, pointed at the simulator; it tries once. */
final class GeminiClients {

    private GeminiClients() {}

    static Client of(SimulatedProvider provider) {
        return of(provider, SimulatedProvider.KEY);
    }

    static Client of(SimulatedProvider provider, String key) {
        return Client.builder()
                .apiKey(key)
                .vertexAI(false)
                .httpOptions(HttpOptions.builder()
                        .baseUrl(provider.baseUrl())
                        .retryOptions(HttpRetryOptions.builder().attempts(1).build())
                        .build())
                .build();
    }
}
