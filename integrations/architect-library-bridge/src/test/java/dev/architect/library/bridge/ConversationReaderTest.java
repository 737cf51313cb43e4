package dev.architect.library.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatRequest;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ConversationReaderTest {

    private static final Part.ToolCall CALL = Part.ToolCall.of("c1", "clock", "{}");

    private final ConversationReader conversation = new ConversationReader(UnsupportedOperationException::new);

    @Test
    void joinsSystemTextsAndLeavesBlankOnesOut() {
        conversation.system("Be brief.");
        conversation.system(" ");
        conversation.system("Be kind.");
        conversation.user(List.of(new Part.Text("Hi")));

        ChatRequest request = request();

        assertThat(request.system()).contains("Be brief.\n\nBe kind.");
        assertThat(request.messages()).containsExactly(Message.user("Hi"));
    }

    @Test
    void refusesSystemTextAfterATurn() {
        conversation.user(List.of(new Part.Text("Hi")));

        assertThatThrownBy(() -> conversation.system("Be brief."))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("a system message stands after 1 turns, expected it before");
    }

    @Test
    void resultsThatFollowEachOtherAreOneTurn() {
        Part.ToolCall second = Part.ToolCall.of("c2", "clock", "{}");
        conversation.user(List.of(new Part.Text("Hi")));
        conversation.assistant("", null, List.of(CALL, second), null);
        conversation.toolResult(Part.ToolResult.of(CALL, "noon"));
        conversation.toolResult(Part.ToolResult.of(second, "night"));

        assertThat(request().messages())
                .containsExactly(
                        Message.user("Hi"),
                        new Message(Role.ASSISTANT, List.of(CALL, second)),
                        Message.toolResults(
                                List.of(Part.ToolResult.of(CALL, "noon"), Part.ToolResult.of(second, "night"))));
    }

    @Test
    void anAnswerHasItsEmbeddedContentUnlessItsFieldsWereChanged() {
        List<Part> content = List.of(
                new Part.Reasoning("Hm.", Optional.of(new Signature("claude", "proof"))), new Part.Text("Noon."), CALL);
        String embedded = EmbeddedContent.encode(content).orElseThrow();
        conversation.assistant("Noon.", null, List.of(CALL), embedded);
        conversation.toolResult(Part.ToolResult.of(CALL, "noon"));
        conversation.assistant("Night.", "Hm.", List.of(CALL), embedded);
        conversation.toolResult(Part.ToolResult.of(CALL, "night"));

        assertThat(request().messages())
                .startsWith(
                        new Message(Role.ASSISTANT, content),
                        Message.user(Part.ToolResult.of(CALL, "noon")),
                        new Message(
                                Role.ASSISTANT,
                                List.of(new Part.Reasoning("Hm.", Optional.empty()), new Part.Text("Night."), CALL)));
    }

    @Test
    void anAnswerWithoutAnythingIsAnEmptyText() {
        conversation.assistant("", "", List.of(), null);
        conversation.user(List.of(new Part.Text("Hi")));

        assertThat(request().messages().get(0)).isEqualTo(new Message(Role.ASSISTANT, List.of(new Part.Text(""))));
    }

    @Test
    void theCustomizerSetsWhatTheLibraryCannotExpress() {
        conversation.user(List.of(new Part.Text("Hi")));

        ChatRequest request = conversation
                .toRequest(builder -> builder.option("claude.user", "u1").system("overwritten only by system text"))
                .build();

        assertThat(request.options("claude")).containsEntry("user", "u1");
        assertThat(request.system()).contains("overwritten only by system text");
    }

    @Test
    void aConversationNeedsATurn() {
        conversation.system("Be brief.");

        assertThatThrownBy(() -> conversation.toRequest(UnaryOperator.identity()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("messages has 0 turns, expected 1 or more");
    }

    @Test
    void parametersThatNoRequestHasMustBeUnset() {
        assertThatCode(() -> ConversationReader.requireUnset("topP", null, IllegalStateException::new))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> ConversationReader.requireUnset("topP", 0.5, IllegalStateException::new))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("topP is 0.5, expected it unset");
    }

    @Test
    void aCallWithoutAnIdIsNamedByItsTool() {
        assertThat(ConversationReader.idOrToolName("c1", "clock")).isEqualTo("c1");
        assertThat(ConversationReader.idOrToolName(" ", "clock")).isEqualTo("clock");
        assertThat(ConversationReader.idOrToolName(null, "clock")).isEqualTo("clock");
    }

    private ChatRequest request() {
        return conversation.toRequest(UnaryOperator.identity()).build();
    }
}
