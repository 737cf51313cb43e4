package dev.architect.provider.perplexity;

import dev.architect.chat.Media;
import dev.architect.chat.Part;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.spi.ProviderCall;
import java.net.URI;
import java.util.Set;
import java.util.TreeSet;

/** Images as Perplexity takes them, inline or at an HTTPS address (docs.perplexity.ai, Image Attachments, archived 2026). */
final class PerplexityMediaWriter {

    private static final Set<String> TYPES = Set.of("image/png", "image/jpeg", "image/webp", "image/gif");

    private PerplexityMediaWriter() {}

    static String url(ProviderHttp http, ProviderCall call, Part.Image image) {
        if (image.media() instanceof Media.Inline inline) {
            if (!TYPES.contains(inline.mediaType())) {
                throw http.unsupported(
                        call, "image is of " + inline.mediaType() + ", expected one of " + new TreeSet<>(TYPES));
            }
            return "data:" + inline.mediaType() + ";base64," + inline.base64();
        }
        URI url = ((Media.Link) image.media()).url();
        if (!"https".equalsIgnoreCase(url.getScheme())) {
            throw http.unsupported(call, "image is at an address of " + url.getScheme() + ", expected https");
        }
        return url.toString();
    }
}
