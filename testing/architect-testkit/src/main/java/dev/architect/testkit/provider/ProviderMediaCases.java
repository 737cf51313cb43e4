package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** Images and documents of a request. */
abstract class ProviderMediaCases extends ProviderCases {

    /** An image of one pixel. */
    private static final byte[] PNG = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private static final byte[] PDF = "%PDF-1.4\n%%EOF\n".getBytes(StandardCharsets.US_ASCII);

    ProviderMediaCases(ModelProviderContract contract) {
        super(contract);
    }

    @Test
    void sendsImages() {
        Part image = new Part.Image(Media.of("image/png", PNG));

        chatIfSupported(Capability.IMAGES, requestWith(image, image)).ifPresent(answer -> {
            assertThat(loggedCall().mediaParts()).isEqualTo(2);
            assertThat(answer.text()).isNotBlank();
            assertUsage(answer, loggedCall());
        });
    }

    @Test
    void sendsDocuments() {
        chatIfSupported(
                        Capability.DOCUMENT_INPUT,
                        requestWith(new Part.Document(Media.of("application/pdf", PDF), "report.pdf")))
                .ifPresent(answer -> {
                    assertThat(loggedCall().mediaParts()).isEqualTo(1);
                    assertUsage(answer, loggedCall());
                });
    }

    @Test
    void sendsLinkedImages() {
        chatIfSupported(
                        Capability.MEDIA_LINKS,
                        requestWith(new Part.Image(Media.at(URI.create("https://example.com/fox.png")))))
                .ifPresent(answer -> assertThat(loggedCall().mediaParts()).isEqualTo(1));
    }

    @Test
    void rejectsUnknownImageTypesBeforeSending() {
        ChatRequest request = requestWith(new Part.Image(Media.of("image/x-unknown", PNG)));

        ProviderException failure = failure(() -> provider().chat(call(Capability.IMAGES, request)));

        assertThat(failure.kind()).isEqualTo(FailureKind.UNSUPPORTED);
        assertThat(failure.delivery()).isEqualTo(DeliveryStatus.NOT_SENT);
        assertThat(failure)
                .hasMessageContaining(supports(Capability.IMAGES) ? "image/x-unknown" : Capability.IMAGES.name());
        assertThat(simulator().log()).isEmpty();
    }

    private static ChatRequest requestWith(Part... media) {
        Part[] parts = new Part[media.length + 1];
        System.arraycopy(media, 0, parts, 0, media.length);
        parts[media.length] = new Part.Text(PROMPT);
        return ChatRequest.builder(Message.user(parts)).build();
    }
}
