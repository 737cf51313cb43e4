package dev.architect.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.Citation;
import dev.architect.chat.Message;
import dev.architect.chat.Part;
import dev.architect.chat.Role;
import dev.architect.chat.Signature;
import dev.architect.chat.ToolCallDelta;
import dev.architect.cost.Money;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnswerAssemblerTest {

    private static final ModelId MODEL = new ModelId("claude", "large");
    private static final Signature SIGNED = new Signature("claude", "proof");

    private final List<String> delivered = new ArrayList<>();
    private final AnswerAssembler answer =
            AnswerAssembler.of(MODEL, afterCalls("call_1", "call_2", "call_5"), recorder());

    @Test
    void keepsTheOrderAndJoinsDeltasOfOneKind() {
        answer.appendReasoning("Let me ");
        answer.appendReasoning("see.");
        answer.signReasoning("proof");
        answer.appendText("On");
        answer.appendText("e.");
        answer.appendToolCall(5, "id-1", "add", "{}");
        answer.appendText(" Two.");

        assertThat(answer.content())
                .containsExactly(
                        new Part.Reasoning("Let me see.", Optional.ofNullable(SIGNED)),
                        new Part.Text("One."),
                        Part.ToolCall.of("id-1", "add", "{}"),
                        new Part.Text(" Two."));
        assertThat(answer.text()).isEqualTo("One. Two.");
        assertThat(delivered).containsExactly("<Let me >", "<see.>", "On", "e.", "0 id-1 add {}", " Two.");
    }

    @Test
    void deltasOfCallsWithDifferentKeysMayComeInTurn() {
        answer.appendToolCall(3, "a", "add", "{\"x\"");
        answer.appendToolCall(7, "b", "sub", "");
        answer.appendToolCall(7, "", "", "{}");
        assertThat(delivered).isEmpty();
        answer.appendToolCall(3, "", "", ":1}");

        assertThat(answer.content())
                .containsExactly(Part.ToolCall.of("a", "add", "{\"x\":1}"), Part.ToolCall.of("b", "sub", "{}"));
        assertThat(delivered).as("the last one may go on").containsExactly("0 a add {\"x\":1}");
        assertThat(answer.receivedCharacters()).isEqualTo(9);
        assertThat(answer.toolCallCount()).isEqualTo(2);
        assertThat(answer.hasToolCall(7)).isTrue();
        assertThat(answer.hasToolCall(1)).isFalse();

        answer.finish(StopReason.TOOL_CALLS);
        assertThat(delivered).containsExactly("0 a add {\"x\":1}", "1 b sub {}", "stop TOOL_CALLS");
    }

    @Test
    void deliversACallOnceItIsWhole() {
        for (String delta : List.of("", "{\"te", "xt\":\"} \\\"{", "\",\"list\":[{}", "]", "}")) {
            answer.appendToolCall(0, "a", "add", delta);
            assertThat(delivered).isEmpty();
        }
        answer.appendText("Done.");

        assertThat(delivered).containsExactly("0 a add {\"text\":\"} \\\"{\",\"list\":[{}]}", "Done.");
    }

    @Test
    void whatFollowsACallWaitsForIt() {
        answer.appendText("So: ");
        answer.appendToolCall(0, "a", "add", "{\"x\":");
        answer.appendText("Do");
        answer.appendText("ne.");
        answer.appendReasoning("Hm.");
        answer.appendToolCall(1, "b", "sub", "{}");
        assertThat(delivered).containsExactly("So: ");

        answer.appendToolCall(0, "", "", "1}");
        assertThat(delivered).containsExactly("So: ", "0 a add {\"x\":1}", "Done.", "<Hm.>");

        answer.appendText(" More.");
        assertThat(delivered).endsWith("1 b sub {}", " More.");
        assertThat(answer.text()).isEqualTo("So: Done. More.");
    }

    /** A call without arguments may still get some, and broken ones are for the caller to judge. */
    @Test
    void theEndDeliversWhatWasNotWholeBefore() {
        answer.appendToolCall(0, "a", "clock", "");
        answer.appendText("Now.");
        answer.appendToolCall(1, "b", "add", "{\"x\":1} {");
        answer.appendToolCall(2, "c", "add", "[1]");
        answer.appendText(" Then.");
        answer.signLastReasoning("proof");
        assertThat(delivered).isEmpty();

        answer.finish(StopReason.TOOL_CALLS);

        assertThat(delivered)
                .containsExactly(
                        "0 a clock {}", "Now.", "1 b add {\"x\":1} {", "2 c add [1]", " Then.", "stop TOOL_CALLS");
    }

    @Test
    void anAnswerThatBreaksInsideACallDeliversNothingOfIt() {
        answer.appendToolCall(0, "a", "add", "{\"x\":");

        ProviderException failure = answer.failure(FailureKind.PROTOCOL).build();

        assertThat(delivered).isEmpty();
        assertThat(failure.receivedCharacters()).isEqualTo(5);
    }

    @Test
    void aWholeCallTakesNothingMore() {
        answer.appendToolCall(0, "a", "add", "{}");
        answer.appendText("Done.");
        answer.appendToolCall(0, "", "", " \n");

        ProviderException failure =
                catchThrowableOfType(ProviderException.class, () -> answer.appendToolCall(0, "", "", "{}"));

        assertThat(failure.kind()).isEqualTo(FailureKind.PROTOCOL);
        assertThat(failure).hasMessageContaining("tool call goes on after its end");
        assertThat(answer.content()).containsExactly(Part.ToolCall.of("a", "add", "{}"), new Part.Text("Done."));
    }

    @Test
    void aListenerThatThrowsGetsNothingTwice() {
        List<String> calls = new ArrayList<>();
        AnswerAssembler thrown = AnswerAssembler.of(MODEL, ChatRequest.of("Add."), new ChatListener() {
            @Override
            public void onText(String delta) {
                calls.add(delta);
            }

            @Override
            public void onToolCall(ToolCallDelta call) {
                calls.add(call.id());
                throw new IllegalStateException("clumsy");
            }
        });
        thrown.appendToolCall(0, "a", "add", "{}");

        assertThatThrownBy(() -> thrown.appendText("Done.")).hasMessage("clumsy");
        thrown.appendText("More.");

        assertThat(calls).containsExactly("a", "More.");
    }

    @Test
    void deliversNothingOfACallBeforeItHasAName() {
        answer.appendToolCall(0, "a", "", "{\"x\":1}");
        answer.appendText("Done.");
        assertThat(delivered).isEmpty();
        assertThat(answer.hasUnnamedToolCall()).isTrue();
        assertThatThrownBy(answer::content).isInstanceOf(IllegalArgumentException.class);

        answer.appendToolCall(0, "", "add", "");

        assertThat(delivered).containsExactly("0 a add {\"x\":1}", "Done.");
        assertThat(answer.hasUnnamedToolCall()).isFalse();
    }

    @Test
    void aCallWithoutAnIdGetsItsNumberInTheConversation() {
        answer.appendToolCall(0, "", "add", "{}");
        answer.appendToolCall(1, "", "sub", "{}");

        assertThat(answer.content())
                .extracting(part -> ((Part.ToolCall) part).id())
                .as("the beginning of the conversation was left out")
                .containsExactly("call_4", "call_6");
    }

    @Test
    void finishDeliversTheArgumentsOfCallsThatHaveNone() {
        answer.appendToolCall(0, "a", "clock", "");
        answer.appendToolCall(1, "b", "add", "{\"x\":1}");
        answer.appendToolCall(2, "c", "clock", " ");
        answer.finish(StopReason.TOOL_CALLS);

        assertThat(answer.content())
                .containsExactly(
                        Part.ToolCall.of("a", "clock", "{}"),
                        Part.ToolCall.of("b", "add", "{\"x\":1}"),
                        Part.ToolCall.of("c", "clock", "{}"));
        assertThat(delivered).containsExactly("0 a clock {}", "1 b add {\"x\":1}", "2 c clock {}", "stop TOOL_CALLS");
    }

    @Test
    void whiteSpaceBeforeArgumentsIsDeliveredWithThem() {
        answer.appendToolCall(0, "a", "add", " ");
        answer.appendToolCall(0, "", "", "{}");
        answer.finish(StopReason.TOOL_CALLS);

        assertThat(answer.content()).containsExactly(Part.ToolCall.of("a", "add", " {}"));
        assertThat(delivered).containsExactly("0 a add  {}", "stop TOOL_CALLS");
    }

    @Test
    void aSignatureWithoutReasoningStandsAlone() {
        answer.appendText("One.");
        answer.signReasoning("proof");
        answer.appendReasoning("Hm.");
        answer.appendToolCall(0, "a", "add", "{}");
        answer.signToolCall(0, "mine");
        answer.signToolCall(7, "of no call");

        assertThat(answer.content())
                .containsExactly(
                        new Part.Text("One."),
                        new Part.Reasoning("", Optional.ofNullable(SIGNED)),
                        new Part.Reasoning("Hm.", Optional.empty()),
                        new Part.ToolCall("a", "add", "{}", Optional.of(new Signature("claude", "mine"))));
    }

    @Test
    void aBlankSignatureIsNone() {
        answer.appendReasoning("Hm.");
        answer.signReasoning("");
        answer.signReasoning(" ");
        answer.signLastReasoning(" ");
        answer.appendReasoning(" Well.");
        answer.appendToolCall(0, "a", "add", "{}");
        answer.signToolCall(0, "\n");

        assertThat(answer.content())
                .containsExactly(
                        new Part.Reasoning("Hm. Well.", Optional.empty()),
                        new Part.ToolCall("a", "add", "{}", Optional.empty()));
    }

    @Test
    void theLastReasoningIsSignedWhereverItStands() {
        answer.appendReasoning("First.");
        answer.appendText("One.");
        answer.appendReasoning("Second.");
        answer.appendText("Two.");
        answer.signLastReasoning("early");
        answer.signLastReasoning("proof");

        assertThat(answer.content())
                .containsExactly(
                        new Part.Reasoning("First.", Optional.empty()),
                        new Part.Text("One."),
                        new Part.Reasoning("Second.", Optional.ofNullable(SIGNED)),
                        new Part.Text("Two."));
    }

    @Test
    void aSignatureOfAnAnswerWithoutReasoningStandsBeforeEverything() {
        answer.appendText("One.");
        assertThat(answer.hasReasoning()).isFalse();
        answer.signLastReasoning("proof");

        assertThat(answer.content())
                .containsExactly(new Part.Reasoning("", Optional.ofNullable(SIGNED)), new Part.Text("One."));
        assertThat(answer.hasReasoning()).isTrue();
        assertThat(delivered).containsExactly("One.");
    }

    @Test
    void deliversEachCitationOnce() {
        Citation first = new Citation("1", "Atlas", Optional.of("https://example.org"), Optional.empty());
        Citation second = new Citation("2", "Lexicon", Optional.empty(), Optional.of("quote"));
        answer.addCitation(first);
        answer.addCitation(second);
        answer.addCitation(new Citation("1", "Atlas", Optional.of("https://example.org"), Optional.empty()));

        assertThat(answer.citations()).containsExactly(first, second);
        assertThat(delivered).containsExactly("cited Atlas", "cited Lexicon");
    }

    @Test
    void deliversUsageThatIsKnownAndChanged() {
        answer.reportUsage(TokenUsage.UNKNOWN, UsageSource.ESTIMATED);
        assertThat(answer.isEmpty()).isTrue();

        answer.reportUsage(TokenUsage.of(5, 1), UsageSource.REPORTED);
        answer.reportUsage(TokenUsage.of(5, 1), UsageSource.REPORTED);
        answer.reportUsage(TokenUsage.of(5, 7), UsageSource.REPORTED);
        answer.reportUsage(TokenUsage.UNKNOWN, UsageSource.REPORTED);

        assertThat(answer.isEmpty()).isFalse();
        assertThat(answer.usage()).isEqualTo(TokenUsage.of(5, 7));
        assertThat(delivered).containsExactly("used 6", "used 12");
    }

    @Test
    void theAnswerHasWhatWasAppended() {
        Citation citation = new Citation("1", "Atlas", Optional.empty(), Optional.empty());
        answer.appendText("One.");
        answer.addCitation(citation);
        answer.reportUsage(TokenUsage.of(5, 1), UsageSource.REPORTED);
        answer.reportModel("large-2025");
        answer.reportModel("large-2026");
        answer.reportModel(" ");
        answer.reportServiceTier("priority");
        answer.reportServiceTier("");
        answer.reportCost(Money.ofUsd("0.25"));

        ProviderAnswer built = answer.answer(StopReason.COMPLETE).build();

        assertThat(built.model()).isEqualTo("large-2026");
        assertThat(built.serviceTier()).isEqualTo("priority");
        assertThat(built.statedCost()).contains(Money.ofUsd("0.25"));
        assertThat(built.content()).containsExactly(new Part.Text("One."));
        assertThat(built.citations()).containsExactly(citation);
        assertThat(built.usage()).isEqualTo(TokenUsage.of(5, 1));
        assertThat(built.usageSource()).isEqualTo(UsageSource.REPORTED);
    }

    @Test
    void countsThatAreDoubtedInTheEndAreEstimated() {
        answer.reportUsage(TokenUsage.of(5, 1), UsageSource.REPORTED);
        answer.reportUsage(TokenUsage.UNKNOWN, UsageSource.ESTIMATED);

        ProviderAnswer built = answer.answer(StopReason.COMPLETE).build();

        assertThat(built.usage()).isEqualTo(TokenUsage.of(5, 1));
        assertThat(built.usageSource()).isEqualTo(UsageSource.ESTIMATED);
    }

    @Test
    void anAnswerWithoutCountsIsEstimated() {
        answer.reportUsage(TokenUsage.UNKNOWN, UsageSource.REPORTED);

        assertThat(answer.answer(StopReason.COMPLETE).build().usageSource()).isEqualTo(UsageSource.ESTIMATED);
    }

    @Test
    void aCompleteAnswerWithToolCallsEndedForTheirSake() {
        assertThat(answer.stopReason(StopReason.COMPLETE)).isEqualTo(StopReason.COMPLETE);
        answer.appendToolCall(0, "a", "add", "{}");

        assertThat(answer.stopReason(StopReason.COMPLETE)).isEqualTo(StopReason.TOOL_CALLS);
        assertThat(answer.stopReason(StopReason.LENGTH)).isEqualTo(StopReason.LENGTH);
    }

    @Test
    void aFailureCarriesWhatHadCome() {
        answer.appendReasoning("Hm.");
        answer.appendText("One.");
        answer.appendToolCall(0, "a", "add", "{}");
        answer.reportUsage(TokenUsage.of(5, 1), UsageSource.REPORTED);

        ProviderException failure = answer.failure(FailureKind.TIMEOUT).build();

        assertThat(failure.model()).isEqualTo(MODEL);
        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure.usage()).isEqualTo(TokenUsage.of(5, 1));
        assertThat(failure.receivedCharacters()).isEqualTo(9);
        assertThat(failure.answeringModel()).isEmpty();
        assertThat(failure.serviceTier()).isEmpty();
        assertThat(failure.statedCostPicoUsd()).isEmpty();
    }

    @Test
    void aFailureCarriesModelTierAndCostAsFarAsTheyWereReported() {
        answer.reportModel("large-2026");
        answer.reportServiceTier("priority");
        answer.reportCost(Money.ofUsd("0.01"));
        answer.reportCost(Money.ofUsd("0.02"));

        ProviderException failure = answer.failure(FailureKind.PROTOCOL).build();

        assertThat(failure.model()).isEqualTo(MODEL);
        assertThat(failure.answeringModel()).contains("large-2026");
        assertThat(failure.serviceTier()).contains("priority");
        assertThat(failure.statedCostPicoUsd()).hasValue(Money.ofUsd("0.02").picoUsd());
    }

    @Test
    void anAnswerOfWhichNothingWasReportedIsOfTheCalledModelInTheUsualTier() {
        ProviderAnswer built = answer.answer(StopReason.COMPLETE).build();

        assertThat(built.model()).isEqualTo("large");
        assertThat(built.serviceTier()).isEqualTo("standard");
        assertThat(built.statedCost()).isEmpty();
    }

    @Test
    void aSilentAnswerIsAssembledInTheSameWay() {
        AnswerAssembler silent = AnswerAssembler.silent(MODEL, afterCalls("call_1"));
        silent.appendText("One.");
        silent.appendToolCall(0, "", "add", "");
        silent.finish(StopReason.TOOL_CALLS);

        assertThat(silent.hasText()).isTrue();
        assertThat(silent.content()).containsExactly(new Part.Text("One."), Part.ToolCall.of("call_2", "add", "{}"));
    }

    @Test
    void anEmptyDeltaDoesNothing() {
        answer.appendText("");
        answer.appendReasoning("");

        assertThat(answer.isEmpty()).isTrue();
        assertThat(answer.hasText()).isFalse();
        assertThat(answer.content()).isEmpty();
        assertThat(delivered).isEmpty();
    }

    private ChatListener recorder() {
        return new ChatListener() {
            @Override
            public void onText(String delta) {
                delivered.add(delta);
            }

            @Override
            public void onReasoning(String delta) {
                delivered.add("<" + delta + ">");
            }

            @Override
            public void onToolCall(ToolCallDelta delta) {
                delivered.add(delta.index() + " " + delta.id() + " " + delta.name() + " " + delta.arguments());
            }

            @Override
            public void onCitation(Citation citation) {
                delivered.add("cited " + citation.title());
            }

            @Override
            public void onUsage(TokenUsage soFar) {
                delivered.add("used " + (soFar.promptTokens() + soFar.completionTokens()));
            }

            @Override
            public void onStop(StopReason reason) {
                delivered.add("stop " + reason);
            }
        };
    }

    /** A request whose conversation has had tool calls with these ids. */
    private static ChatRequest afterCalls(String... ids) {
        List<Part> calls = new ArrayList<>();
        List<Part.ToolResult> results = new ArrayList<>();
        for (String id : ids) {
            Part.ToolCall call = Part.ToolCall.of(id, "add", "{}");
            calls.add(call);
            results.add(Part.ToolResult.of(call, "1"));
        }
        return ChatRequest.builder(Message.toolResults(results))
                .earlier(List.of(Message.user("Add."), new Message(Role.ASSISTANT, calls)))
                .build();
    }
}
