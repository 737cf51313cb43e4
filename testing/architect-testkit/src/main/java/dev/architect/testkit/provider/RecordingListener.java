package dev.architect.testkit.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatListener;
import dev.architect.chat.Citation;
import dev.architect.chat.Part;
import dev.architect.chat.StopReason;
import dev.architect.chat.ToolCallDelta;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.TokenUsage;
import java.util.ArrayList;
import java.util.List;

/** What a listener hears of one answer, and whether it is the answer. Used by one thread. */
final class RecordingListener implements ChatListener {

    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final List<StringBuilder> calls = new ArrayList<>();
    private final List<Citation> citations = new ArrayList<>();
    private final List<StopReason> stops = new ArrayList<>();
    private TokenUsage usage = TokenUsage.UNKNOWN;

    @Override
    public void onText(String chunk) {
        text.append(chunk);
    }

    @Override
    public void onReasoning(String chunk) {
        reasoning.append(chunk);
    }

    @Override
    public void onToolCall(ToolCallDelta chunk) {
        while (calls.size() <= chunk.index()) {
            calls.add(new StringBuilder());
        }
        calls.get(chunk.index()).append(chunk.arguments());
    }

    @Override
    public void onCitation(Citation citation) {
        citations.add(citation);
    }

    @Override
    public void onUsage(TokenUsage soFar) {
        usage = soFar;
    }

    @Override
    public void onStop(StopReason reason) {
        stops.add(reason);
    }

    /** Fails unless the pieces together are {@code answer}. */
    void assertMatches(ProviderAnswer answer) {
        assertThat(text).as("streamed text").hasToString(answer.text());
        assertThat(reasoning).as("streamed reasoning").hasToString(reasoning(answer));
        assertThat(calls).as("streamed tool calls").hasSameSizeAs(answer.toolCalls());
        for (int index = 0; index < calls.size(); index++) {
            String arguments = calls.get(index).toString();
            assertThat(arguments.isBlank() ? "{}" : arguments)
                    .as("streamed arguments")
                    .isEqualTo(answer.toolCalls().get(index).arguments());
        }
        assertThat(citations).as("streamed citations").isEqualTo(answer.citations());
        assertThat(usage).as("streamed usage").isEqualTo(answer.usage());
        assertThat(stops).as("streamed stop reasons").containsExactly(answer.stopReason());
    }

    static String reasoning(ProviderAnswer answer) {
        StringBuilder text = new StringBuilder();
        for (Part part : answer.content()) {
            if (part instanceof Part.Reasoning reasoning) {
                text.append(reasoning.text());
            }
        }
        return text.toString();
    }
}
