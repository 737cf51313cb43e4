package dev.architect.provider.ollama;

import dev.architect.chat.ChatListener;
import dev.architect.model.Capability;
import dev.architect.model.ProviderHealth;
import dev.architect.provider.http.HttpLimits;
import dev.architect.provider.http.HttpProviderBuilder;
import dev.architect.provider.http.HttpRequest;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.StreamFormat;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.SecretSource;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The models of an Ollama server. A server of one's own needs no key; a hosted one takes the secret {@value #KEY}.
 *
 * <p>The first call of a model may wait for minutes while the server loads it. A prompt that does not fit into the window that
 * the server gave the model fails with kind {@code CONTEXT_TOO_LONG}; left alone, Ollama would drop its beginning in silence.
 */
public final class OllamaProvider implements ModelProvider {

    /** Name of this provider in model ids, prices and reports. */
    public static final String NAME = "ollama";

    /** Name of the secret that holds the key of a hosted server. */
    public static final String KEY = "OLLAMA_API_KEY";

    private static final Duration LOADING = Duration.ofMinutes(10);

    private static final Set<Capability> CAPABILITIES = Collections.unmodifiableSet(EnumSet.of(
            Capability.STREAMING,
            Capability.SYSTEM_TEXT,
            Capability.MULTI_TURN,
            Capability.MAX_OUTPUT_TOKENS,
            Capability.TEMPERATURE,
            Capability.STOP_SEQUENCES));

    private final ProviderHttp http;

    private OllamaProvider(Builder builder, ProviderHttp.Builder endpoint) {
        this.http = endpoint.optionalKey("authorization", "Bearer ", builder.secrets, KEY)
                .errors(OllamaErrors::of)
                .build();
    }

    /** Returns the server of this machine, on Ollama's usual port. */
    public static OllamaProvider local() {
        return builder().build();
    }

    /** Returns a builder. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Capability> capabilities(String model) {
        return CAPABILITIES;
    }

    @Override
    public ProviderAnswer chat(ProviderCall call) {
        http.require(call, capabilities(call.model()));
        return http.chat(call, OllamaRequests.whole(call), OllamaStream::whole);
    }

    @Override
    public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
        http.require(call, capabilities(call.model()), Capability.STREAMING);
        return http.stream(call, OllamaRequests.streamed(call), StreamFormat.NDJSON, listener, OllamaStream::new);
    }

    @Override
    public ProviderHealth probe() {
        return http.probe(
                HttpRequest.get("/api/version"), body -> body.path("version").isTextual());
    }

    @Override
    public void close() {
        http.close();
    }

    /**
     * Collects what the provider needs. The server is at {@code http://localhost:11434} by default, and 10 minutes of silence
     * are allowed, for the time of loading. Not safe for use by several threads.
     */
    public static final class Builder extends HttpProviderBuilder<Builder> {
        private SecretSource secrets = name -> Optional.empty();

        private Builder() {
            super(NAME, "http://localhost:11434");
            limits(HttpLimits.defaults().withIdleTimeout(LOADING));
        }

        /** Finds the key of a hosted server, at each call; without one, calls carry no key. No secrets by default. */
        public Builder secrets(SecretSource source) {
            this.secrets = source;
            return this;
        }

        /** Returns the provider. */
        public OllamaProvider build() {
            return new OllamaProvider(this, http());
        }
    }
}
