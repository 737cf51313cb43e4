package dev.architect.provider.claude;

import static dev.architect.provider.claude.StubbedClaude.OLDER;
import static dev.architect.provider.claude.StubbedClaude.json;
import static dev.architect.provider.claude.StubbedClaude.refused;
import static dev.architect.provider.claude.StubbedClaude.sent;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Media;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClaudeMediaTest {

    private static final byte[] BYTES = "ABC".getBytes(StandardCharsets.US_ASCII);
    private static final URI PLACE = URI.create("https://example.com/it?signed=1");

    @Test
    void writesImagesInTheirPlace() {
        assertThat(content(
                        new Part.Text("Look:"),
                        new Part.Image(Media.of("image/png", BYTES)),
                        new Part.Image(Media.at(PLACE)),
                        new Part.Text("Well?")))
                .isEqualTo(json("""
                [{"type":"text","text":"Look:"},
                 {"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUJD"}},
                 {"type":"image","source":{"type":"url","url":"https://example.com/it?signed=1"}},
                 {"type":"text","text":"Well?"}]"""));
    }

    @Test
    void writesDocumentsWithTheirNames() {
        assertThat(content(
                        new Part.Document(Media.of("application/pdf", BYTES), "a.pdf"),
                        new Part.Document(Media.of("text/plain", "Grüße".getBytes(StandardCharsets.UTF_8)), "b.txt"),
                        new Part.Document(new Media.Link(PLACE, Optional.of("application/pdf")), "c.pdf")))
                .isEqualTo(json("""
                [{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"QUJD"},"title":"a.pdf"},
                 {"type":"document","source":{"type":"text","media_type":"text/plain","data":"Grüße"},"title":"b.txt"},
                 {"type":"document","source":{"type":"url","url":"https://example.com/it?signed=1"},"title":"c.pdf"}]"""));
    }

    @Test
    void documentsMayBeCitedWhenTheOptionIsSet() {
        ChatRequest request = ChatRequest.builder(
                        Message.user(new Part.Document(Media.of("application/pdf", BYTES), "a.pdf")))
                .option("claude.citations", "true")
                .build();

        assertThat(sent(OLDER, request).at("/messages/0/content/0/citations")).isEqualTo(json("{\"enabled\":true}"));
    }

    @Test
    void refusesWhatClaudeCannotRead() {
        assertThat(refused(OLDER, asking(new Part.Image(Media.of("image/bmp", BYTES)))))
                .contains("image is of image/bmp, expected [image/gif, image/jpeg, image/png, image/webp]");
        assertThat(refused(OLDER, asking(new Part.Image(new Media.Link(PLACE, Optional.of("image/tiff"))))))
                .contains("image is of image/tiff");
        assertThat(refused(OLDER, asking(new Part.Document(Media.of("text/csv", BYTES), "a.csv"))))
                .contains("document is of text/csv, expected application/pdf or text/plain");
        assertThat(refused(OLDER, asking(new Part.Document(new Media.Link(PLACE, Optional.of("text/plain")), "a.txt"))))
                .contains("document is of text/plain, expected application/pdf");
        assertThat(refused(OLDER, asking(new Part.Image(Media.at(URI.create("http://example.com/secret"))))))
                .contains("link of image is of scheme http, expected https")
                .doesNotContain("secret");
    }

    private static JsonNode content(Part... parts) {
        return sent(OLDER, asking(parts)).at("/messages/0/content");
    }

    private static ChatRequest asking(Part... parts) {
        return ChatRequest.builder(Message.user(parts)).build();
    }
}
