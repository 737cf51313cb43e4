package dev.architect.library.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class UnrepeatableListenerTest {

    private final List<String> emitted = new ArrayList<>();
    private boolean cancelled;

    private final UnrepeatableListener listener = new UnrepeatableListener() {
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
    };

    @Test
    void aCallThatBreaksBeforeItsFirstDeltaStartsAgain() {
        listener.onRestart();
        listener.onText("a");

        assertThat(emitted).containsExactly("a");
    }

    @Test
    void aCallThatBreaksLaterEndsTheStream() {
        listener.onText("a");

        assertThatThrownBy(listener::onRestart)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the answer broke after its first delta, expected its end");
    }

    @Test
    void nothingIsEmittedAfterCancellation() {
        cancelled = true;

        assertThatThrownBy(() -> listener.onText("a")).isInstanceOf(CancellationException.class);
        assertThat(emitted).isEmpty();
        listener.onRestart();
    }
}
