package dev.architect.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatResponse;
import dev.architect.model.FailureKind;
import dev.architect.model.ModelId;
import dev.architect.testkit.provider.ScriptedStep;
import dev.architect.usage.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A listener gets the model that answers before anything of the answer, and an answer has the number of calls that it took. */
final class RouterAnsweringTest {

    private final RouterFixture fixture = new RouterFixture();
    private final Shown shown = new Shown();

    @Test
    void theModelIsThereBeforeTheFirstDelta() {
        ChatResponse answer = fixture.stream("Hi", shown);

        assertThat(shown.seen).containsExactly("ollama/llama3.2 1", "free");
        assertThat(shown.requestId).isEqualTo(answer.requestId());
        assertThat(answer.calls()).isEqualTo(1);
    }

    @Test
    void aCallThatFailsBeforeItsFirstDeltaIsCountedAndNotShown() {
        fixture.ollama.then(ScriptedStep.fail(FailureKind.QUOTA_EXHAUSTED));

        ChatResponse answer = fixture.stream("Hi", shown);

        assertThat(shown.seen).containsExactly("openai/gpt-4o-mini 2", "cheap");
        assertThat(answer.calls()).isEqualTo(2);
    }

    @Test
    void theModelThatBeginsAnewIsShownBeforeItsDeltas() {
        fixture.ollama.then(ScriptedStep.breakAfter("lost", FailureKind.PROTOCOL, TokenUsage.UNKNOWN));

        fixture.stream("Hi", shown);

        assertThat(shown.seen)
                .containsExactly("ollama/llama3.2 1", "lost", "openai/gpt-4o-mini 2", "<restart>", "cheap");
    }

    @Test
    void aBufferedListenerGetsTheModelWhoseAnswerItGets() {
        fixture.ollama.then(ScriptedStep.breakAfter("lost", FailureKind.PROTOCOL, TokenUsage.UNKNOWN));

        fixture.stream("Hi", ChatListener.buffered(shown));

        assertThat(shown.seen).containsExactly("openai/gpt-4o-mini 2", "cheap");
    }

    @Test
    void whatTheListenerThrowsEndsTheCallAndIsRecorded() {
        RuntimeException gone = new IllegalStateException("gone");

        assertThatThrownBy(() -> fixture.stream("Hi", new ChatListener() {
                    @Override
                    public void onAnswering(ModelId model, String requestId, int calls) {
                        throw gone;
                    }

                    @Override
                    public void onText(String delta) {
                        throw new AssertionError("text after a failure");
                    }
                }))
                .isSameAs(gone);
        assertThat(fixture.ledger).hasSize(1);
    }

    private static final class Shown implements ChatListener {
        private final List<String> seen = new ArrayList<>();
        private String requestId = "";

        @Override
        public void onAnswering(ModelId model, String request, int calls) {
            seen.add(model + " " + calls);
            requestId = request;
        }

        @Override
        public void onText(String delta) {
            seen.add(delta);
        }

        @Override
        public void onRestart() {
            seen.add("<restart>");
        }
    }
}
