package dev.architect.provider.anythingllm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.provider.http.ProviderHttp;
import dev.architect.spi.ProviderCall;
import java.util.List;
import java.util.Map;

/**
 * Writes images and documents of the message. The server recognizes documents by a media type of its own and reads them by the
 * ending of their names; everything else it takes for an image.
 */
final class AnythingLlmAttachmentWriter {

    private static final String DOCUMENT = "application/anythingllm-document";
    private static final List<String> IMAGES = List.of("image/gif", "image/jpeg", "image/png", "image/webp");

    private static final Map<String, String> ENDINGS = Map.of(
            "application/pdf", ".pdf",
            "application/json", ".json",
            "text/plain", ".txt",
            "text/markdown", ".md",
            "text/html", ".html",
            "text/csv", ".csv");

    private final ProviderHttp http;

    AnythingLlmAttachmentWriter(ProviderHttp http) {
        this.http = http;
    }

    ArrayNode write(ProviderCall call, Message message) {
        ArrayNode attachments = JsonNodeFactory.instance.arrayNode();
        for (Part part : message.parts()) {
            if (part instanceof Part.Image image) {
                Media.Inline media = image(call, image.media());
                add(attachments, "image-" + (attachments.size() + 1) + "." + ending(media), media.mediaType(), media);
            } else if (part instanceof Part.Document document && document.media() instanceof Media.Inline media) {
                add(attachments, name(call, document, media), DOCUMENT, media);
            }
        }
        return attachments;
    }

    private static void add(ArrayNode attachments, String name, String type, Media.Inline media) {
        attachments
                .addObject()
                .put("name", name)
                .put("mime", type)
                .put("contentString", "data:" + media.mediaType() + ";base64," + media.base64());
    }

    private Media.Inline image(ProviderCall call, Media media) {
        if (media instanceof Media.Inline inline && IMAGES.contains(inline.mediaType())) {
            return inline;
        }
        throw http.unsupported(
                call, "image is of type " + media.type().orElse("unknown") + ", expected one of " + IMAGES);
    }

    private String name(ProviderCall call, Part.Document document, Media.Inline media) {
        if (document.name().matches(".*\\.[A-Za-z0-9]{1,10}")) {
            return document.name();
        }
        String ending = ENDINGS.get(media.mediaType());
        if (ending == null) {
            throw http.unsupported(
                    call,
                    "document of type " + media.mediaType()
                            + " has a name without an ending, expected one such as report.docx");
        }
        return document.name() + ending;
    }

    private static String ending(Media.Inline media) {
        return media.mediaType().substring("image/".length());
    }
}
