package dev.architect.library.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.Media;
import dev.architect.chat.Part;
import dev.architect.chat.Signature;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Content embedded in a message of another library. */
final class EmbeddedContentTest {

    private static final Part.ToolCall CALL =
            new Part.ToolCall("c1", "weather", "{\"a\":1}", Optional.of(new Signature("gemini", "p2")));
    private static final List<Part> CONTENT = List.of(
            new Part.Text("first"),
            new Part.Reasoning("thought", Optional.of(new Signature("claude", "p1"))),
            CALL,
            new Part.Reasoning("", Optional.empty()),
            new Part.Text(" last"));

    @Test
    void comesBackAsItWas() {
        String carried = EmbeddedContent.encode(CONTENT).orElseThrow();

        assertThat(EmbeddedContent.decode(
                        carried, "first last", List.of(Part.ToolCall.of("c1", "weather", "{\"a\":1}"))))
                .hasValue(CONTENT);
    }

    @Test
    void isNotNeededForTextAndCalls() {
        assertThat(EmbeddedContent.encode(List.of(new Part.Text("a"), Part.ToolCall.of("c", "d", "{}"))))
                .isEmpty();
        assertThat(EmbeddedContent.encode(List.of(new Part.Text("a"), new Part.Reasoning("b", Optional.empty()))))
                .isPresent();
        assertThat(EmbeddedContent.encode(List.of())).isEmpty();
    }

    @Test
    void isNothingWhenTheMessageWasChangedOrItIsNotOurs() {
        String carried = EmbeddedContent.encode(CONTENT).orElseThrow();
        List<Part.ToolCall> calls = List.of(Part.ToolCall.of("c1", "weather", "{\"a\":1}"));

        assertThat(EmbeddedContent.decode(carried, "first", calls)).isEmpty();
        assertThat(EmbeddedContent.decode(carried, "first last", List.of())).isEmpty();
        assertThat(EmbeddedContent.decode(null, "", List.of())).isEmpty();
        assertThat(EmbeddedContent.decode(7, "", List.of())).isEmpty();
        assertThat(EmbeddedContent.decode(TextCodec.encode("text"), "", List.of()))
                .isEmpty();
        assertThat(EmbeddedContent.decode(TextCodec.encode(List.of(List.of("odd"))), "", List.of()))
                .isEmpty();
    }

    @Test
    void refusesWhatAnswersDoNotHold() {
        assertThatThrownBy(() -> EmbeddedContent.encode(List.of(new Part.Image(Media.of("image/png", new byte[] {1})))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Image");
    }
}
