package dev.architect.library.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.CacheLifetime;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.spi.CapabilityGuard;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AssistantTurnTest {

    private static final Part.ToolCall CALL = Part.ToolCall.of("c1", "clock", "{}");
    private static final Map<String, Object> PROOFS = Map.of("thinking_signature", "s3cr3t");

    private final CapabilityGuard guard = new CapabilityGuard("mistral");

    @Test
    void aProviderGetsItsOwnReasoningAndMetadataBack() {
        Message message = new Message(
                Role.ASSISTANT,
                List.of(
                        new Part.Reasoning("Unsigned.", Optional.empty()),
                        new Part.Reasoning(
                                "Foreign.", Optional.of(new Signature("claude", TextCodec.encode(Map.of("a", "b"))))),
                        new Part.Reasoning("Own.", Optional.of(new Signature("mistral", TextCodec.encode(PROOFS)))),
                        new Part.Text("Noon."),
                        CALL));

        AssistantTurn turn = forProvider(message);

        assertThat(turn).isEqualTo(new AssistantTurn("Noon.", "Own.", List.of(CALL), PROOFS));
        assertThat(turn.toString()).doesNotContain("Noon").doesNotContain("s3cr3t");
    }

    @Test
    void aSignatureThatIsNoMetadataAddsNone() {
        Message message = new Message(
                Role.ASSISTANT,
                List.of(new Part.Reasoning("Own.", Optional.of(new Signature("mistral", "no metadata")))));

        assertThat(forProvider(message)).isEqualTo(new AssistantTurn("", "Own.", List.of(), Map.of()));
    }

    @Test
    void refusesPartsThatNoAnswerHas() {
        Message message = new Message(
                Role.ASSISTANT, List.of(new Part.Text("Noon."), new Part.CacheBreakpoint(CacheLifetime.values()[0])));

        assertThatThrownBy(() -> forProvider(message))
                .hasMessageContaining("UNSUPPORTED")
                .hasMessageContaining("expected text, reasoning and tool calls");
    }

    @Test
    void theHostGetsAllReasoningAndTheContentItself() {
        List<Part> content = List.of(
                new Part.Reasoning("Hm. ", Optional.of(new Signature("claude", "proof"))),
                new Part.Reasoning("Well.", Optional.empty()),
                new Part.Text("Noon."),
                CALL);

        AssistantTurn turn = AssistantTurn.ofAnswer(content);

        assertThat(turn.text()).isEqualTo("Noon.");
        assertThat(turn.reasoning()).isEqualTo("Hm. Well.");
        assertThat(turn.calls()).containsExactly(CALL);
        assertThat(EmbeddedContent.decode(turn.metadata().get(EmbeddedContent.METADATA_KEY), turn.text(), turn.calls()))
                .contains(content);
    }

    @Test
    void contentThatTheFieldsExpressIsNotEmbedded() {
        assertThat(AssistantTurn.ofAnswer(List.of(new Part.Text("Noon."), CALL)))
                .isEqualTo(new AssistantTurn("Noon.", "", List.of(CALL), Map.of()));
    }

    private AssistantTurn forProvider(Message message) {
        return AssistantTurn.forProvider(message, "mistral", explanation -> guard.unsupported("large", explanation));
    }
}
