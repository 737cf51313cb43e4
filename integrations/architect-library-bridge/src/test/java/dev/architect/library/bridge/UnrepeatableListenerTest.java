package dev.architect.library.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.ChatListener;
import dev.architect.request.RequestScope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class UnrepeatableListenerTest {

    private final List<String> emitted = new ArrayList<>();
    private boolean cancelled;

    @Test
    void anAnswerThatBreaksBeforeItsFirstDeltaStartsAgain() {
        call(StreamDelivery.LIVE, (scope, target) -> {
            target.onRestart();
            target.onText("a");
        });

        assertThat(emitted).containsExactly("a");
    }

    @Test
    void anAnswerThatStartsAgainLaterEndsTheStreamWithoutAFailureInTheRouter() {
        List<String> seen = new ArrayList<>();

        assertThatThrownBy(() -> call(StreamDelivery.LIVE, (scope, target) -> {
                    target.onText("a");
                    target.onRestart();
                    seen.add("cancelled " + scope.cancellation().isCancelled());
                    target.onText("b");
                    target.onRestart();
                    target.onText("c");
                    seen.add("ends by itself");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("broke after its first delta");
        assertThat(emitted).containsExactly("a");
        assertThat(seen).containsExactly("cancelled true", "ends by itself");
    }

    @Test
    void theRestartAndNotItsCancellationIsTheFailure() {
        assertThatThrownBy(() -> call(StreamDelivery.LIVE, (scope, target) -> {
                    target.onText("a");
                    target.onRestart();
                    throw new IllegalArgumentException("cancelled");
                }))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aBufferedAnswerIsDeliveredWhenItIsComplete() {
        call(StreamDelivery.BUFFERED, (scope, target) -> {
            target.onText("a");
            target.onRestart();
            target.onText("b");
            target.onText("c");
            assertThat(emitted).isEmpty();
            assertThat(scope.cancellation().isCancelled()).isFalse();
        });

        assertThat(emitted).containsExactly("b", "c");
    }

    @Test
    void aBufferedAnswerThatFailsIsNotDelivered() {
        assertThatThrownBy(() -> call(StreamDelivery.BUFFERED, (scope, target) -> {
                    target.onText("a");
                    throw new IllegalArgumentException("broken");
                }))
                .hasMessage("broken");
        assertThat(emitted).isEmpty();
    }

    @Test
    void nothingIsEmittedAfterCancellation() {
        cancelled = true;

        for (StreamDelivery delivery : StreamDelivery.values()) {
            assertThatThrownBy(() -> call(delivery, (scope, target) -> target.onText("a")))
                    .isInstanceOf(CancellationException.class);
        }
        assertThat(emitted).isEmpty();
    }

    private void call(StreamDelivery delivery, BiConsumer<RequestScope, ChatListener> answer) {
        String returned = new Recorder(delivery).call((scope, target) -> {
            answer.accept(scope, target);
            return "answer";
        });
        assertThat(returned).isEqualTo("answer");
    }

    private final class Recorder extends UnrepeatableListener {
        Recorder(StreamDelivery delivery) {
            super(delivery);
        }

        @Override
        protected boolean isCancelled() {
            return cancelled;
        }

        @Override
        protected RuntimeException restartFailure(String explanation) {
            return new IllegalStateException(explanation);
        }

        @Override
        public void onText(String delta) {
            emit(() -> emitted.add(delta));
        }
    }
}
