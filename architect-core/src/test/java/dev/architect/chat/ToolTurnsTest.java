package dev.architect.chat;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ToolTurnsTest {

    private static final Part.ToolCall ADD = Part.ToolCall.of("1", "add", "{}");
    private static final Part.ToolCall SUB = Part.ToolCall.of("2", "sub", "{}");
    private static final Message QUESTION = Message.user("1 + 1?");

    @Test
    void resultsMayComeInAnyOrderAndInSeveralMessages() {
        assertThatCode(() -> ToolTurns.check(List.of(
                        QUESTION,
                        asking(ADD),
                        asking(SUB),
                        giving(SUB),
                        Message.user("Well?"),
                        giving(ADD),
                        Message.assistant("2"),
                        QUESTION,
                        asking(ADD, ADD),
                        giving(ADD, ADD))))
                .doesNotThrowAnyException();
    }

    @Test
    void everyCallHasAResultInTheNextTurn() {
        String words = "call '2' of tool sub has no result, expected one in the turn after it";

        assertThatThrownBy(() -> ToolTurns.check(List.of(QUESTION, asking(ADD, SUB), giving(ADD))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(words);
        assertThatThrownBy(() ->
                        ToolTurns.check(List.of(QUESTION, asking(SUB), QUESTION, Message.assistant("?"), giving(SUB))))
                .hasMessage(words);
    }

    @Test
    void everyResultHasACallInTheTurnBefore() {
        String words =
                "result of tool sub is for call '2', expected the id of a call of the turn before it that has no result"
                        + " yet";

        assertThatThrownBy(() -> ToolTurns.check(List.of(QUESTION, asking(ADD), giving(ADD, SUB))))
                .hasMessage(words);
        assertThatThrownBy(() -> ToolTurns.check(List.of(QUESTION, asking(SUB), giving(SUB, SUB))))
                .hasMessage(words);
        assertThatThrownBy(() -> ToolTurns.check(List.of(giving(SUB)))).hasMessage(words);
    }

    private static Message asking(Part... calls) {
        return new Message(Role.ASSISTANT, List.of(calls));
    }

    private static Message giving(Part.ToolCall... calls) {
        return Message.toolResults(Arrays.stream(calls)
                .map(call -> Part.ToolResult.of(call, "s3cret"))
                .toList());
    }
}
