package dev.architect.provider.gemini;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.architect.chat.Media;
import dev.architect.chat.Part;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.spi.ProviderCall;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes images and documents. Which types and links Gemini takes is general knowledge, not checked against the service: whatever
 * passes here and is not taken fails there.
 */
final class GeminiMediaWriter {

    private static final Set<String> IMAGES =
            Set.of("image/png", "image/jpeg", "image/webp", "image/heic", "image/heif");
    private static final Set<String> SCHEMES = Set.of("https", "http", "gs");

    private GeminiMediaWriter() {}

    static ObjectNode image(ProviderCall call, Part.Image image, ProviderHttp http) {
        Optional<String> type = image.media().type();
        if (type.isPresent() && !IMAGES.contains(type.get())) {
            throw http.unsupported(
                    call, "image is of type " + type.get() + ", expected one of " + new TreeSet<>(IMAGES));
        }
        return part(call, image.media(), http);
    }

    static ObjectNode document(ProviderCall call, Part.Document document, ProviderHttp http) {
        Optional<String> type = document.media().type();
        if (type.isPresent()
                && !type.get().equals("application/pdf")
                && !type.get().startsWith("text/")) {
            throw http.unsupported(
                    call, "document is of type " + type.get() + ", expected application/pdf or a type of text/");
        }
        return part(call, document.media(), http);
    }

    private static ObjectNode part(ProviderCall call, Media media, ProviderHttp http) {
        ObjectNode part = JsonNodeFactory.instance.objectNode();
        if (media instanceof Media.Inline inline) {
            part.putObject("inlineData").put("mimeType", inline.mediaType()).put("data", inline.base64());
        } else if (media instanceof Media.Link link) {
            String scheme = link.url().getScheme().toLowerCase(Locale.ROOT);
            if (!SCHEMES.contains(scheme)) {
                throw http.unsupported(
                        call, "link is of scheme " + scheme + ", expected one of " + new TreeSet<>(SCHEMES));
            }
            ObjectNode file =
                    part.putObject("fileData").put("fileUri", link.url().toString());
            link.type().ifPresent(type -> file.put("mimeType", type));
        }
        return part;
    }
}
