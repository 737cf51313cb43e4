package dev.architect.provider.http.reading;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatListener;
import dev.architect.chat.Part;
import dev.architect.chat.Signature;
import dev.architect.chat.ToolCallDelta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnswerPartsTest {

    private final List<String> heard = new ArrayList<>();
    private final AnswerParts parts = new AnswerParts(
            "claude",
            new ChatListener() {
                @Override
                public void onText(String piece) {
                    heard.add(piece);
                }

                @Override
                public void onReasoning(String piece) {
                    heard.add("<" + piece + ">");
                }

                @Override
                public void onToolCall(ToolCallDelta piece) {
                    heard.add(piece.index() + " " + piece.id() + " " + piece.name() + " " + piece.arguments());
                }
            },
            List.of("call_1", "call_2", "call_5"));

    @Test
    void keepsTheOrderAndJoinsPiecesOfOneKind() {
        parts.reason("Let me ");
        parts.reason("see.");
        parts.sign("proof");
        parts.say("On");
        parts.say("e.");
        parts.callTool(5, "id-1", "add", "");
        parts.say(" Two.");

        assertThat(parts.content())
                .containsExactly(
                        new Part.Reasoning("Let me see.", Optional.of(new Signature("claude", "proof"))),
                        new Part.Text("One."),
                        Part.ToolCall.of("id-1", "add", "{}"),
                        new Part.Text(" Two."));
        assertThat(parts.text()).isEqualTo("One. Two.");
        assertThat(heard).containsExactly("<Let me >", "<see.>", "On", "e.", "0 id-1 add ", " Two.");
    }

    @Test
    void toldApartByKeyCallsMayComeInTurn() {
        parts.callTool(0, "a", "add", "{\"x\"");
        parts.callTool(1, "b", "sub", "");
        parts.callTool(0, "", "", ":1}");
        parts.callTool(1, "", "", "{}");

        assertThat(parts.content())
                .containsExactly(Part.ToolCall.of("a", "add", "{\"x\":1}"), Part.ToolCall.of("b", "sub", "{}"));
        assertThat(heard).containsExactly("0 a add {\"x\"", "1 b sub ", "0 a add :1}", "1 b sub {}");
        assertThat(parts.characters()).isEqualTo(9);
    }

    @Test
    void nothingIsToldOfACallBeforeItHasAName() {
        parts.callTool(0, "a", "", "{\"x\"");
        assertThat(heard).isEmpty();
        assertThat(parts.hasNamelessCall()).isTrue();

        parts.callTool(0, "", "add", ":1}");

        assertThat(heard).containsExactly("0 a add {\"x\":1}");
        assertThat(parts.hasNamelessCall()).isFalse();
    }

    @Test
    void aCallWithoutAnIdGetsItsNumberInTheConversation() {
        parts.callTool(0, "", "add", "{}");
        parts.callTool(1, "", "sub", "{}");

        assertThat(parts.content())
                .extracting(part -> ((Part.ToolCall) part).id())
                .as("the beginning of the conversation was left out")
                .containsExactly("call_4", "call_6");
    }

    @Test
    void aSignatureWithoutReasoningStandsAlone() {
        parts.say("One.");
        parts.sign("proof");
        parts.reason("Hm.");
        parts.callTool(0, "a", "add", "{}");
        parts.signCall(0, "mine");
        parts.signCall(7, "nobody's");

        assertThat(parts.content())
                .containsExactly(
                        new Part.Text("One."),
                        new Part.Reasoning("", Optional.of(new Signature("claude", "proof"))),
                        new Part.Reasoning("Hm.", Optional.empty()),
                        new Part.ToolCall("a", "add", "{}", Optional.of(new Signature("claude", "mine"))));
    }

    @Test
    void aBlankSignatureIsNone() {
        parts.reason("Hm.");
        parts.sign("");
        parts.sign(" ");
        parts.reason(" Well.");
        parts.callTool(0, "a", "add", "{}");
        parts.signCall(0, "\n");

        assertThat(parts.content())
                .containsExactly(
                        new Part.Reasoning("Hm. Well.", Optional.empty()),
                        new Part.ToolCall("a", "add", "{}", Optional.empty()));
    }
}
