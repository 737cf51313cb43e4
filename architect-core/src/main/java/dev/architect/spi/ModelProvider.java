package dev.architect.spi;

import dev.architect.chat.ChatListener;
import dev.architect.embedding.EmbeddingAnswer;
import dev.architect.embedding.EmbeddingCall;
import dev.architect.model.Capability;
import dev.architect.model.ModelInfo;
import dev.architect.model.ProviderException;
import dev.architect.model.ProviderHealth;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A vendor's models behind one interface. An adapter maps between this interface and its vendor's wire format and does
 * nothing else: it never retries, prices, routes or remembers.
 *
 * <p>Methods block and are cancelled by interruption: an interrupted call closes its connection and throws a
 * {@link ProviderException} of kind {@code CANCELLED}, with the thread's interrupt flag set. Safe for use by several threads.
 */
public interface ModelProvider extends AutoCloseable {

    /** The provider's name in model ids, prices and reports, for example {@code claude}; never changes. */
    String name();

    /**
     * Returns what the model can do, the same whenever it is asked. Does not block: it is known or assumed, not fetched from the
     * provider.
     */
    Set<Capability> capabilities(String model);

    /**
     * Makes one call and returns the whole answer.
     *
     * @throws ProviderException when it fails; of kind {@code UNSUPPORTED}, before anything is sent, when the request needs
     *     what the model lacks
     */
    ProviderAnswer chat(ProviderCall call);

    /**
     * Makes one call, delivers every delta to {@code listener}, and returns the whole answer, whose text, reasoning
     * and arguments are exactly the deltas joined. A stream that ends early is a {@link ProviderException}, never an answer.
     */
    ProviderAnswer stream(ProviderCall call, ChatListener listener);

    /**
     * Lists the provider's models.
     *
     * @param timeout the longest time from the send to the end of the answer
     * @throws ProviderException when it fails; of kind {@code UNSUPPORTED} when the provider has no such list
     */
    default List<ModelInfo> models(Duration timeout) {
        throw new CapabilityGuard(name()).unsupported("list", "provider lists no models");
    }

    /**
     * Counts, at the provider, the tokens of the prompt of {@code call}, tools and system text included, without answering it.
     *
     * @throws ProviderException when it fails; of kind {@code UNSUPPORTED}, before anything is sent, when the model lacks
     *     {@link Capability#TOKEN_COUNT} or something that the request needs
     */
    default long countTokens(ProviderCall call) {
        throw new CapabilityGuard(name()).unsupported(call.model(), "model lacks [TOKEN_COUNT]");
    }

    /**
     * Turns texts into vectors.
     *
     * @throws ProviderException when it fails; of kind {@code UNSUPPORTED}, before anything is sent, when the model lacks
     *     {@link Capability#EMBEDDINGS}
     */
    default EmbeddingAnswer embed(EmbeddingCall call) {
        throw new CapabilityGuard(name()).unsupported(call, "model lacks [EMBEDDINGS]");
    }

    /** Checks, at little or no cost, whether the provider would serve calls. Never throws for a provider that is down. */
    ProviderHealth probe();

    /** Releases connections. Calls in flight fail. */
    @Override
    void close();
}
