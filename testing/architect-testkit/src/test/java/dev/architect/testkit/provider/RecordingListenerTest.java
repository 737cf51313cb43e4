package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.chat.Part;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordingListenerTest {

    private final RecordingListener listener = new RecordingListener();

    @Test
    void recordsOneLineForEachEvent() {
        ProviderAnswer answer = answer("Hello.");

        answer.replayTo(listener);
        listener.onRestart();

        assertThat(listener.lines())
                .contains("reasoning Hm.", "text Hello.", "stop TOOL_CALLS")
                .anyMatch(line -> line.startsWith("call 0 c1 weather"))
                .anyMatch(line -> line.startsWith("usage "))
                .endsWith("restart");
    }

    @Test
    void matchesTheAnswerThatWasStreamedAndNoOther() {
        answer("Hello.").replayTo(listener);

        listener.assertMatches(answer("Hello."));
        assertThatThrownBy(() -> listener.assertMatches(answer("Hallo.")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("streamed text");
    }

    private static ProviderAnswer answer(String text) {
        return ProviderAnswer.builder(
                        "m",
                        List.of(
                                new Part.Reasoning("Hm.", Optional.empty()),
                                new Part.Text(text),
                                Part.ToolCall.of("c1", "weather", "{\"city\":\"Lisbon\"}")),
                        StopReason.TOOL_CALLS)
                .usage(TokenUsage.of(3, 2), UsageSource.REPORTED)
                .build();
    }
}
