package dev.architect.provider.http;

import dev.architect.chat.Media;
import dev.architect.spi.ProviderCall;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes images and documents as URLs, those of the request itself as {@code data:} URLs. Safe for use by several threads.
 *
 * @param http creates the failures of what cannot be written
 * @param what what the media are, for messages
 * @param types the media types that the vendor takes
 * @param schemes the schemes of links that the vendor follows, in lower case
 */
public record MediaUrlWriter(ProviderHttp http, String what, Set<String> types, Set<String> schemes) {

    /** Copies the sets. */
    public MediaUrlWriter {
        types = Set.copyOf(types);
        schemes = Set.copyOf(schemes);
    }

    /**
     * Returns the URL of {@code media}.
     *
     * @throws dev.architect.model.ProviderException of kind {@code UNSUPPORTED}, before anything is sent, when its type or the scheme
     *     of its link is none that the vendor takes
     */
    public String url(ProviderCall call, Media media) {
        String type = media.type().orElse("");
        if (!type.isEmpty() && !types.contains(type)) {
            throw http.unsupported(call, what + " type is " + type + ", expected one of " + new TreeSet<>(types));
        }
        if (media instanceof Media.Inline inline) {
            return "data:" + type + ";base64," + inline.base64();
        }
        Media.Link link = (Media.Link) media;
        if (!schemes.contains(link.url().getScheme())) {
            throw http.unsupported(
                    call,
                    what + " link is one of " + link.url().getScheme() + ", expected "
                            + String.join(" or ", new TreeSet<>(schemes)));
        }
        return link.url().toString();
    }
}
