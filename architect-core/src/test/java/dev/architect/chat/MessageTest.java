package dev.architect.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MessageTest {

    private static final Part.ToolCall CALL = Part.ToolCall.of("1", "add", "{}");

    @Test
    void textIsTheAnswerWithoutReasoning() {
        Message message = new Message(
                Role.ASSISTANT,
                List.of(
                        new Part.Reasoning("Hm.", Optional.empty()),
                        new Part.Text("one "),
                        CALL,
                        new Part.Text("two")));

        assertThat(message.text()).isEqualTo("one two");
        assertThat(message.toolCalls()).containsExactly(CALL);
    }

    @Test
    void eachRoleHasPartsOfItsOwn() {
        Part image = new Part.Image(Media.of("image/png", new byte[] {1}));

        assertThatThrownBy(() -> Message.user(CALL))
                .hasMessage("message of USER has a part ToolCall[add, 2 characters], expected it in one of ASSISTANT");
        assertThatThrownBy(() -> Message.user(new Part.Reasoning("s3cret", Optional.empty())))
                .hasMessage("message of USER has a part Reasoning[6 characters], expected it in one of ASSISTANT");
        assertThatThrownBy(() -> new Message(Role.ASSISTANT, List.of(Part.ToolResult.of(CALL, "2"))))
                .hasMessageEndingWith("expected it in one of USER");
        assertThatThrownBy(() -> new Message(Role.ASSISTANT, List.of(image)))
                .hasMessageEndingWith("expected it in one of USER");
    }

    @Test
    void resultsBelongToTheirCalls() {
        assertThat(Part.ToolResult.of(CALL, "2")).isEqualTo(new Part.ToolResult("1", "add", "2", false));
        assertThat(Part.ToolResult.failed(CALL, "no")).isEqualTo(new Part.ToolResult("1", "add", "no", true));
        assertThatThrownBy(() -> Part.ToolCall.of("", "add", "{}")).hasMessage("id is blank, expected text");
    }
}
