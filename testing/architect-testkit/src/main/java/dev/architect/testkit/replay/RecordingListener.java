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
    public void onText(String piece) {
        text.append(piece);
    }

    @Override
    public void onReasoning(String piece) {
        reasoning.append(piece);
    }

    @Override
    public void onToolCall(ToolCallDelta piece) {
        while (calls.size() <= piece.index()) {
            calls.add(new StringBuilder());
        }
        calls.get(piece.index()).append(piece.arguments());
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
    void assertIs(ProviderAnswer answer) {
        assertThat(text).as("text heard").hasToString(answer.text());
        assertThat(reasoning).as("reasoning heard").hasToString(reasoning(answer));
        assertThat(calls).as("tool calls heard").hasSameSizeAs(answer.toolCalls());
        for (int index = 0; index < calls.size(); index++) {
            String heard = calls.get(index).toString();
            assertThat(heard.isBlank() ? "{}" : heard)
                    .as("arguments heard")
                    .isEqualTo(answer.toolCalls().get(index).arguments());
        }
        assertThat(citations).as("citations heard").isEqualTo(answer.citations());
        assertThat(usage).as("usage heard").isEqualTo(answer.usage());
        assertThat(stops).as("stop reasons heard").containsExactly(answer.stopReason());
    }

    static String reasoning(ProviderAnswer answer) {
        StringBuilder thoughts = new StringBuilder();
        for (Part part : answer.content()) {
            if (part instanceof Part.Reasoning reasoning) {
                thoughts.append(reasoning.text());
            }
        }
        return thoughts.toString();
    }
}
