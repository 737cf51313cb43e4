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
                        calling(ADD),
                        calling(SUB),
                        answering(SUB),
                        Message.user("Well?"),
                        answering(ADD),
                        Message.assistant("2"),
                        QUESTION,
                        calling(ADD, ADD),
                        answering(ADD, ADD))))
                .doesNotThrowAnyException();
    }

    @Test
    void everyCallHasAResultInTheNextTurn() {
        String message = "call '2' of tool sub has no result, expected one in the turn after it";

        assertThatThrownBy(() -> ToolTurns.check(List.of(QUESTION, calling(ADD, SUB), answering(ADD))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> ToolTurns.check(
                        List.of(QUESTION, calling(SUB), QUESTION, Message.assistant("?"), answering(SUB))))
                .hasMessage(message);
    }

    @Test
    void everyResultHasACallInTheTurnBefore() {
        String message =
                "result of tool sub is for call '2', expected the id of a call of the turn before it that has no result"
                        + " yet";

        assertThatThrownBy(() -> ToolTurns.check(List.of(QUESTION, calling(ADD), answering(ADD, SUB))))
                .hasMessage(message);
        assertThatThrownBy(() -> ToolTurns.check(List.of(QUESTION, calling(SUB), answering(SUB, SUB))))
                .hasMessage(message);
        assertThatThrownBy(() -> ToolTurns.check(List.of(answering(SUB)))).hasMessage(message);
    }

    private static Message calling(Part... calls) {
        return new Message(Role.ASSISTANT, List.of(calls));
    }

    private static Message answering(Part.ToolCall... calls) {
        return Message.toolResults(Arrays.stream(calls)
                .map(call -> Part.ToolResult.of(call, "s3cret"))
                .toList());
    }
}
