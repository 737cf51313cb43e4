package dev.architect.langchain4j;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.chat.ChatListener;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.StopReason;
import dev.architect.chat.ToolCallDelta;
import dev.architect.model.ProviderException;
import dev.architect.spi.ProviderCall;
import dev.architect.usage.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What tests of the provider share. */
final class ProviderCalls {

    private ProviderCalls() {}

    static ProviderCall of(ChatRequest request) {
        return new ProviderCall("large", request, Duration.ofSeconds(30));
    }

    static ProviderCall of(String prompt) {
        return of(ChatRequest.of(prompt));
    }

    static ProviderException failure(ThrowingCallable call) {
        ProviderException failure = catchThrowableOfType(ProviderException.class, call);
        if (failure == null) {
            throw new AssertionError("the call went well, expected a failure");
        }
        return failure;
    }

    /** Writes down what it hears. */
    static final class Notes implements ChatListener {
        final List<String> lines = new ArrayList<>();

        @Override
        public void onText(String piece) {
            lines.add("text " + piece);
        }

        @Override
        public void onReasoning(String piece) {
            lines.add("reasoning " + piece);
        }

        @Override
        public void onToolCall(ToolCallDelta piece) {
            lines.add("call " + piece.index() + " " + piece.id() + " " + piece.name() + " " + piece.arguments());
        }

        @Override
        public void onUsage(TokenUsage soFar) {
            lines.add("usage " + soFar);
        }

        @Override
        public void onStop(StopReason reason) {
            lines.add("stop " + reason);
        }
    }
}
