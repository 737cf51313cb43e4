package dev.architect.provider.openai;

import dev.architect.chat.ChatListener;
import dev.architect.model.Capability;
import dev.architect.model.ProviderHealth;
import dev.architect.provider.http.HttpProviderBuilder;
import dev.architect.provider.http.HttpRequest;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.provider.http.StreamFormat;
import dev.architect.spi.ModelProvider;
import dev.architect.spi.ProviderAnswer;
import dev.architect.spi.ProviderCall;
import dev.architect.spi.SecretSource;
import java.util.Set;

/**
 * OpenAI's models. The key is the secret {@value #KEY}.
 *
 * <p>Reasoning models take neither temperature nor stop sequences. A refusal that the model words itself is the answer's text.
 */
public final class OpenAiProvider implements ModelProvider {

    /** Name of this provider in model ids, prices and reports. */
    public static final String NAME = "openai";

    /** Name of the secret that holds the key. */
    public static final String KEY = "OPENAI_API_KEY";

    private final ProviderHttp http;

    private OpenAiProvider(Builder builder, ProviderHttp.Builder endpoint) {
        this.http = endpoint.key("authorization", "Bearer ", builder.secrets, KEY)
                .errors(OpenAiErrors::of)
                .build();
    }

    /** Returns a builder that finds the key in {@code secrets}, at each call. */
    public static Builder builder(SecretSource secrets) {
        return new Builder(secrets);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Capability> capabilities(String model) {
        return OpenAiModels.capabilities(model);
    }

    @Override
    public ProviderAnswer chat(ProviderCall call) {
        http.require(call, capabilities(call.model()));
        return http.chat(call, OpenAiRequests.whole(call), OpenAiAnswers::read);
    }

    @Override
    public ProviderAnswer stream(ProviderCall call, ChatListener listener) {
        http.require(call, capabilities(call.model()), Capability.STREAMING);
        return http.stream(call, OpenAiRequests.streamed(call), StreamFormat.SSE, listener, OpenAiStream::new);
    }

    @Override
    public ProviderHealth probe() {
        return http.probe(HttpRequest.get("/models"), body -> body.path("data").isArray());
    }

    @Override
    public void close() {
        http.close();
    }

    /**
     * Collects what the provider needs. The service is at {@code https://api.openai.com/v1} by default; a base URL includes the version.
     * Not safe for use by several threads.
     */
    public static final class Builder extends HttpProviderBuilder<Builder> {
        private final SecretSource secrets;

        private Builder(SecretSource secrets) {
            super(NAME, "https://api.openai.com/v1");
            this.secrets = secrets;
        }

        /** Returns the provider. */
        public OpenAiProvider build() {
            return new OpenAiProvider(this, http());
        }
    }
}
