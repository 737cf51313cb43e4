package dev.architect.provider.http;

import dev.architect.provider.http.message.HttpLimits;
import dev.architect.provider.http.message.ReplySource;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of all providers over HTTP have in common. Not safe for use by several threads.
 *
 * @param <B> the builder's own type, which its methods return
 */
public abstract class HttpProviderBuilder<B extends HttpProviderBuilder<B>> {

    private final String provider;
    private URI baseUrl;
    private HttpLimits limits = HttpLimits.defaults();
    private @Nullable ReplySource replySourceOrNull;

    /**
     * For the builders of adapters.
     *
     * @param provider the provider's name in model ids
     * @param baseUrl where the service is unless {@link #baseUrl} sets another address
     */
    protected HttpProviderBuilder(String provider, String baseUrl) {
        this.provider = provider;
        this.baseUrl = URI.create(baseUrl);
    }

    /** Where the service is; the address that this builder's own description names by default. */
    public final B baseUrl(URI url) {
        this.baseUrl = url;
        return self();
    }

    /** Limits of calls; {@link HttpLimits#defaults()} unless this builder's own description names others. */
    public final B limits(HttpLimits value) {
        this.limits = value;
        return self();
    }

    /** Answers calls in place of the network, for tests. */
    public final B replies(ReplySource source) {
        this.replySourceOrNull = source;
        return self();
    }

    /**
     * Returns a builder of the provider's endpoint with what was set here.
     *
     * @throws IllegalArgumentException when the base URL is not one of {@code http} or {@code https} with a host, or has more
     *     than a path
     */
    protected final ProviderHttp.Builder http() {
        return ProviderHttp.builder(provider, baseUrl).limits(limits).replies(replySourceOrNull);
    }

    @SuppressWarnings("unchecked") // B is the type of this, as its declaration demands.
    private B self() {
        return (B) this;
    }
}
