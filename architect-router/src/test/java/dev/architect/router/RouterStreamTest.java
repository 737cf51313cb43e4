package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Citation;
import dev.architect.chat.Part;
import dev.architect.chat.ToolCallDelta;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CostStatus;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.route.NoRouteException;
import dev.architect.spi.ProviderAnswer;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RouterStreamTest {

    private final RouterFixture fixture = new RouterFixture();
    private final List<String> delivered = new ArrayList<>();
    private final ChatListener listener = new ChatListener() {
        @Override
        public void onText(String piece) {
            delivered.add(piece);
        }

        @Override
        public void onRestart() {
            delivered.add("<restart>");
        }
    };

    @Test
    void deltasArriveAsTheyCome() {
        fixture.ollama.then(ScriptedStep.answer("one two three", TokenUsage.of(5, 3)));

        ChatResponse response = fixture.stream("Hi", listener);

        assertThat(delivered).containsExactly("one ", "two ", "three");
        assertThat(response.text()).isEqualTo("one two three");
    }

    @Test
    void brokenStreamRestartsOnTheNextCandidate() {
        fixture.ollama.then(ScriptedStep.breakAfter("half an ", FailureKind.PROTOCOL, TokenUsage.UNKNOWN));
        fixture.openai.then(ScriptedStep.answer("whole answer", TokenUsage.of(5, 3)));

        ChatResponse response = fixture.stream("Hi", listener);

        assertThat(delivered).containsExactly("half ", "an ", "<restart>", "whole ", "answer");
        assertThat(response.text()).isEqualTo("whole answer");
        assertThat(fixture.ledger.get(0).charge().cost().status()).isEqualTo(CostStatus.ESTIMATED);
    }

    @Test
    void failureBeforeAnyDeltaNeedsNoRestart() {
        fixture.ollama.then(ScriptedStep.fail(FailureKind.OVERLOADED));

        fixture.stream("Hi", listener);

        assertThat(delivered).containsExactly("cheap");
    }

    @Test
    void restartComesOnceForDeltasOfAnEarlierCall() {
        fixture.ollama.then(ScriptedStep.breakAfter("lost", FailureKind.UNAVAILABLE, TokenUsage.UNKNOWN));
        fixture.openai.then(ScriptedStep.fail(FailureKind.OVERLOADED));

        fixture.stream("Hi", listener);

        assertThat(delivered).containsExactly("lost", "<restart>", "dear");
    }

    @Test
    void brokenStreamWithoutNextCandidateIsNeverAnAnswer() {
        fixture.ollama.then(ScriptedStep.breakAfter("a", FailureKind.PROTOCOL, TokenUsage.UNKNOWN));
        fixture.openai.then(ScriptedStep.breakAfter("b", FailureKind.PROTOCOL, TokenUsage.UNKNOWN));
        fixture.claude.then(ScriptedStep.breakAfter("c", FailureKind.PROTOCOL, TokenUsage.UNKNOWN));

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> fixture.stream("Hi", listener));

        assertThat(failure.failures()).hasSize(3);
        assertThat(delivered).containsExactly("a", "<restart>", "b", "<restart>", "c");
    }

    @Test
    void modelThatCannotStreamAnswersWhole() {
        fixture.ollama.withCapabilities("llama3.2", Set.of());
        fixture.ollama.then(ScriptedStep.answer("one two three", TokenUsage.of(5, 3)));

        fixture.stream("Hi", listener);

        assertThat(delivered).containsExactly("one two three");
        assertThat(fixture.ollama.capabilities("llama3.2")).doesNotContain(Capability.STREAMING);
    }

    @Test
    void listenerThatThrowsEndsTheCallAndTheRequest() {
        assertThatThrownBy(() -> fixture.stream("Hi", piece -> {
                    throw new IllegalArgumentException("no more");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no more");

        assertThat(fixture.onlyEntry().outcome()).isEqualTo(CallOutcome.CANCELLED);
        assertThat(fixture.onlyEntry().failure()).contains(FailureKind.CANCELLED);
        assertThat(fixture.onlyEntry().metering().usage().completionTokens()).isEqualTo(1);
        assertThat(fixture.openai.callCount()).isZero();
        assertThat(fixture.chat("Hi").text()).as("the permit is back").isEqualTo("free");
    }

    @Test
    void whatTheProviderCountedIsBookedThoughTheCallerLeft() {
        fixture.ollama.withCapabilities("llama3.2", Set.of());
        fixture.ollama.then(ScriptedStep.answer("one two three", TokenUsage.of(500, 70)));

        assertThatThrownBy(() -> fixture.stream("Hi", piece -> {
                    throw new IllegalStateException("no more");
                }))
                .hasMessage("no more");

        assertThat(fixture.onlyEntry().metering().usage()).isEqualTo(TokenUsage.of(500, 70));
        assertThat(fixture.onlyEntry().charge().cost().status()).isEqualTo(CostStatus.ESTIMATED);
    }

    @Test
    void toolCallsOfABrokenStreamAreVoidToo() {
        fixture.ollama.then((model, call, listener) -> {
            listener.onToolCall(new ToolCallDelta(0, "1", "add", "{\"a\":1"));
            throw ProviderException.builder(model, FailureKind.PROTOCOL)
                    .delivery(DeliveryStatus.ANSWERED)
                    .status(200)
                    .receivedCharacters(6)
                    .build();
        });

        ChatResponse response = fixture.stream("Hi", listener);

        assertThat(delivered).containsExactly("<restart>", "cheap");
        assertThat(response.toolCalls()).isEmpty();
        assertThat(fixture.ledger.get(0).metering().usage().completionTokens()).isEqualTo(2);
    }

    @Test
    void aWholeAnswerIsDeliveredAsAStream() {
        List<Part> content = List.of(
                new Part.Reasoning("Hm.", Optional.empty()),
                new Part.Text("Look: "),
                Part.ToolCall.of("1", "add", "{\"a\":1}"));
        fixture.ollama
                .withCapabilities("llama3.2", Set.of())
                .then(ScriptedStep.answer(ProviderAnswer.builder("llama3.2", content, StopReason.TOOL_CALLS)
                        .usage(TokenUsage.of(5, 3), UsageSource.REPORTED)
                        .citations(List.of(new Citation("1", "Sums", Optional.empty(), Optional.empty())))
                        .build()));

        ChatResponse response = fixture.stream("Hi", new ChatListener() {
            @Override
            public void onText(String piece) {
                delivered.add(piece);
            }

            @Override
            public void onReasoning(String piece) {
                delivered.add("<" + piece + ">");
            }

            @Override
            public void onToolCall(ToolCallDelta piece) {
                delivered.add(piece.index() + piece.name() + piece.arguments());
            }

            @Override
            public void onCitation(Citation citation) {
                delivered.add(citation.title());
            }

            @Override
            public void onUsage(TokenUsage soFar) {
                delivered.add(soFar.toString());
            }

            @Override
            public void onStop(StopReason reason) {
                delivered.add(reason.name());
            }
        });

        assertThat(delivered)
                .containsExactly("<Hm.>", "Look: ", "0add{\"a\":1}", "Sums", "INPUT=5,OUTPUT=3", "TOOL_CALLS");
        assertThat(response.toolCalls()).hasSize(1);
        assertThat(response.message().parts()).isEqualTo(content);
        assertThat(response.citations()).hasSize(1);
    }
}
