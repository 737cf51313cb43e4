package dev.architect.provider.openai;

import dev.architect.chat.Media;
import dev.architect.chat.Part;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes images and documents as URLs, those of the request itself as {@code data:} URLs. Which types OpenAI takes is general
 * knowledge, not checked against the service.
 */
final class OpenAiMediaWriter {

    private static final Set<String> IMAGES = Set.of("image/png", "image/jpeg", "image/gif", "image/webp");
    private static final Set<String> DOCUMENTS = Set.of("application/pdf");
    private static final Set<String> SCHEMES = Set.of("http", "https");

    private OpenAiMediaWriter() {}

    static String url(OpenAiCall call, Part.Image image) {
        return url(call, "image", image.media(), IMAGES);
    }

    static String url(OpenAiCall call, Part.Document document) {
        return url(call, "document", document.media(), DOCUMENTS);
    }

    private static String url(OpenAiCall call, String what, Media media, Set<String> types) {
        String type = media.type().orElse("");
        if (!type.isEmpty() && !types.contains(type)) {
            throw call.unsupported(what + " type is " + type + ", expected one of " + new TreeSet<>(types));
        }
        if (media instanceof Media.Inline inline) {
            return "data:" + type + ";base64," + inline.base64();
        }
        Media.Link link = (Media.Link) media;
        if (!SCHEMES.contains(link.url().getScheme())) {
            throw call.unsupported(what + " link is one of " + link.url().getScheme() + ", expected http or https");
        }
        return link.url().toString();
    }
}
