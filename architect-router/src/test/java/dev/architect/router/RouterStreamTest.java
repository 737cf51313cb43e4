package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatResponse;
import dev.architect.chat.Citation;
import dev.architect.chat.Part;
import dev.architect.chat.StopReason;
import dev.architect.chat.ToolCallDelta;
import dev.architect.cost.CallOutcome;
import dev.architect.cost.CostStatus;
import dev.architect.model.Capability;
import dev.architect.model.DeliveryStatus;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
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

    private final RouterFixture house = new RouterFixture();
    private final List<String> heard = new ArrayList<>();
    private final ChatListener ear = new ChatListener() {
        @Override
        public void onText(String piece) {
            heard.add(piece);
        }

        @Override
        public void onRestart() {
            heard.add("<restart>");
        }
    };

    @Test
    void piecesArriveAsTheyCome() {
        house.ollama.then(ScriptedStep.answer("one two three", TokenUsage.of(5, 3)));

        ChatResponse response = house.stream("Hi", ear);

        assertThat(heard).containsExactly("one ", "two ", "three");
        assertThat(response.text()).isEqualTo("one two three");
    }

    @Test
    void brokenStreamRestartsOnTheNextCandidate() {
        house.ollama.then(ScriptedStep.breakAfter("half an ", FailureKind.PROTOCOL, TokenUsage.UNKNOWN));
        house.openai.then(ScriptedStep.answer("whole answer", TokenUsage.of(5, 3)));

        ChatResponse response = house.stream("Hi", ear);

        assertThat(heard).containsExactly("half ", "an ", "<restart>", "whole ", "answer");
        assertThat(response.text()).isEqualTo("whole answer");
        assertThat(house.ledger.get(0).charge().cost().status()).isEqualTo(CostStatus.ESTIMATED);
    }

    @Test
    void failureBeforeAnyPieceNeedsNoRestart() {
        house.ollama.then(ScriptedStep.fail(FailureKind.OVERLOADED));

        house.stream("Hi", ear);

        assertThat(heard).containsExactly("cheap");
    }

    @Test
    void restartComesOnceForPiecesOfAnEarlierCall() {
        house.ollama.then(ScriptedStep.breakAfter("lost", FailureKind.UNAVAILABLE, TokenUsage.UNKNOWN));
        house.openai.then(ScriptedStep.fail(FailureKind.OVERLOADED));

        house.stream("Hi", ear);

        assertThat(heard).containsExactly("lost", "<restart>", "dear");
    }

    @Test
    void brokenStreamWithoutNextCandidateIsNeverAnAnswer() {
        house.ollama.then(ScriptedStep.breakAfter("a", FailureKind.PROTOCOL, TokenUsage.UNKNOWN));
        house.openai.then(ScriptedStep.breakAfter("b", FailureKind.PROTOCOL, TokenUsage.UNKNOWN));
        house.claude.then(ScriptedStep.breakAfter("c", FailureKind.PROTOCOL, TokenUsage.UNKNOWN));

        NoRouteException failure = catchThrowableOfType(NoRouteException.class, () -> house.stream("Hi", ear));

        assertThat(failure.failures()).hasSize(3);
        assertThat(heard).containsExactly("a", "<restart>", "b", "<restart>", "c");
    }

    @Test
    void modelThatCannotStreamIsAskedForTheWholeAnswer() {
        house.ollama.withCapabilities("llama3.2", Set.of());
        house.ollama.then(ScriptedStep.answer("one two three", TokenUsage.of(5, 3)));

        house.stream("Hi", ear);

        assertThat(heard).containsExactly("one two three");
        assertThat(house.ollama.capabilities("llama3.2")).doesNotContain(Capability.STREAMING);
    }

    @Test
    void listenerThatObjectsEndsTheCallAndTheRequest() {
        assertThatThrownBy(() -> house.stream("Hi", piece -> {
                    throw new IllegalArgumentException("no more");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no more");

        assertThat(house.onlyEntry().outcome()).isEqualTo(CallOutcome.CANCELLED);
        assertThat(house.onlyEntry().failure()).contains(FailureKind.CANCELLED);
        assertThat(house.onlyEntry().metering().usage().completionTokens()).isEqualTo(1);
        assertThat(house.openai.callCount()).isZero();
        assertThat(house.ask("Hi").text()).as("the permit is back").isEqualTo("free");
    }

    @Test
    void whatTheProviderCountedIsBookedThoughTheCallerLeft() {
        house.ollama.withCapabilities("llama3.2", Set.of());
        house.ollama.then(ScriptedStep.answer("one two three", TokenUsage.of(500, 70)));

        assertThatThrownBy(() -> house.stream("Hi", piece -> {
                    throw new IllegalStateException("no more");
                }))
                .hasMessage("no more");

        assertThat(house.onlyEntry().metering().usage()).isEqualTo(TokenUsage.of(500, 70));
        assertThat(house.onlyEntry().charge().cost().status()).isEqualTo(CostStatus.ESTIMATED);
    }

    @Test
    void toolCallsOfABrokenStreamAreVoidToo() {
        house.ollama.then((model, call, listener) -> {
            listener.onToolCall(new ToolCallDelta(0, "1", "add", "{\"a\":1"));
            throw ProviderException.builder(model, FailureKind.PROTOCOL)
                    .delivery(DeliveryStatus.ANSWERED)
                    .status(200)
                    .receivedCharacters(6)
                    .build();
        });

        ChatResponse response = house.stream("Hi", ear);

        assertThat(heard).containsExactly("<restart>", "cheap");
        assertThat(response.toolCalls()).isEmpty();
        assertThat(house.ledger.get(0).metering().usage().completionTokens()).isEqualTo(2);
    }

    @Test
    void aWholeAnswerIsToldAsIfItHadBeenStreamed() {
        List<Part> content = List.of(
                new Part.Reasoning("Hm.", Optional.empty()),
                new Part.Text("Look: "),
                Part.ToolCall.of("1", "add", "{\"a\":1}"));
        house.ollama
                .withCapabilities("llama3.2", Set.of())
                .then(ScriptedStep.answer(ProviderAnswer.builder("llama3.2", content, StopReason.TOOL_CALLS)
                        .usage(TokenUsage.of(5, 3), UsageSource.REPORTED)
                        .citations(List.of(new Citation("1", "Sums", Optional.empty(), Optional.empty())))
                        .build()));

        ChatResponse response = house.stream("Hi", new ChatListener() {
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
                heard.add(piece.index() + piece.name() + piece.arguments());
            }

            @Override
            public void onCitation(Citation citation) {
                heard.add(citation.title());
            }

            @Override
            public void onUsage(TokenUsage soFar) {
                heard.add(soFar.toString());
            }

            @Override
            public void onStop(StopReason reason) {
                heard.add(reason.name());
            }
        });

        assertThat(heard).containsExactly("<Hm.>", "Look: ", "0add{\"a\":1}", "Sums", "INPUT=5,OUTPUT=3", "TOOL_CALLS");
        assertThat(response.toolCalls()).hasSize(1);
        assertThat(response.message().parts()).isEqualTo(content);
        assertThat(response.citations()).hasSize(1);
    }
}
