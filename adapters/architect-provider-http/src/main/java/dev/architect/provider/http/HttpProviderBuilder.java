package dev.architect.provider.http;

import dev.architect.provider.http.message.HttpLimits;
import dev.architect.provider.http.message.ReplySource;
import dev.architect.spi.ProviderSettings;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What the builders of all providers over HTTP have in common. Not safe for use by several threads.
 *
 * @param <B> the builder's own type, which its methods return
 */
public abstract class HttpProviderBuilder<B extends HttpProviderBuilder<B>> {

    private String provider;
    private URI baseUrl;
    private HttpLimits limits = HttpLimits.defaults();
    private @Nullable ReplySource replySourceOrNull;

    /**
     * For the builders of adapters.
     *
     * @param provider the provider's name in model ids unless {@link #name} gives another
     * @param baseUrl where the service is unless {@link #baseUrl} sets another address
     */
    protected HttpProviderBuilder(String provider, String baseUrl) {
        this.provider = provider;
        this.baseUrl = URI.create(baseUrl);
    }

    /**
     * The provider's name in model ids, prices, reports and before the dot in the names of a request's options; the adapter's by
     * default. Several providers of one adapter stand side by side when each has a name of its own.
     *
     * @throws IllegalArgumentException when it is not one that {@link ProviderSettings#name()} may have
     */
    public final B name(String value) {
        // Settings hold the one rule for names, whether a file or a program gives them.
        this.provider = ProviderSettings.of(value).name();
        return self();
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
