package dev.architect.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class MessageTest {

    private static final Part.ToolCall CALL = Part.ToolCall.of("1", "add", "{}");

    @Test
    void textIsWhatWasSaidWithoutWhatWasThought() {
        Message message = new Message(
                Role.ASSISTANT,
                List.of(new Part.Reasoning("Hm.", null), new Part.Text("one "), CALL, new Part.Text("two")));

        assertThat(message.text()).isEqualTo("one two");
        assertThat(message.toolCalls()).containsExactly(CALL);
    }

    @Test
    void resultsBelongToTheirCalls() {
        assertThat(Part.ToolResult.of(CALL, "2")).isEqualTo(new Part.ToolResult("1", "add", "2", false));
        assertThat(Part.ToolResult.failed(CALL, "no")).isEqualTo(new Part.ToolResult("1", "add", "no", true));
        assertThatThrownBy(() -> Part.ToolCall.of("", "add", "{}")).hasMessage("id is blank, expected text");
    }
}
