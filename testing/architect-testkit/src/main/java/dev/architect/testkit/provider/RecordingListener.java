package dev.architect.testkit.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.chat.ChatListener;
import dev.architect.chat.Citation;
import dev.architect.chat.Part;
import dev.architect.chat.ToolCallDelta;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.TokenUsage;
import java.util.ArrayList;
import java.util.List;

/**
 * Records what a listener receives of one streamed answer, for comparison with the answer or line by line. Used by one
 * thread.
 */
public final class RecordingListener implements ChatListener {

    private final List<String> lines = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder reasoning = new StringBuilder();
    private final List<StringBuilder> calls = new ArrayList<>();
    private final List<Citation> citations = new ArrayList<>();
    private final List<StopReason> stops = new ArrayList<>();
    private TokenUsage usage = TokenUsage.UNKNOWN;

    /** Creates a listener that has received nothing. */
    public RecordingListener() {}

    @Override
    public void onText(String chunk) {
        lines.add("text " + chunk);
        text.append(chunk);
    }

    @Override
    public void onReasoning(String chunk) {
        lines.add("reasoning " + chunk);
        reasoning.append(chunk);
    }

    @Override
    public void onToolCall(ToolCallDelta delta) {
        lines.add("call " + delta.index() + " " + delta.id() + " " + delta.name() + " " + delta.arguments());
        while (calls.size() <= delta.index()) {
            calls.add(new StringBuilder());
        }
        calls.get(delta.index()).append(delta.arguments());
    }

    @Override
    public void onCitation(Citation citation) {
        lines.add("citation " + citation.title());
        citations.add(citation);
    }

    @Override
    public void onUsage(TokenUsage soFar) {
        lines.add("usage " + soFar);
        usage = soFar;
    }

    @Override
    public void onStop(StopReason reason) {
        lines.add("stop " + reason);
        stops.add(reason);
    }

    @Override
    public void onRestart() {
        lines.add("restart");
    }

    /**
     * Returns one line for each event received so far, in order: {@code text}, {@code reasoning}, {@code call},
     * {@code citation}, {@code usage}, {@code stop} or {@code restart}, followed by its content, such as {@code text Hello}. A
     * tool call has its index, id, name and arguments, a citation its title.
     */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** Fails unless the events together are {@code answer}. */
    public void assertMatches(ProviderAnswer answer) {
        assertThat(text).as("streamed text").hasToString(answer.text());
        assertThat(reasoning).as("streamed reasoning").hasToString(reasoningOf(answer));
        assertThat(lines.stream().filter(line -> line.startsWith("call ")))
                .as("streamed tool calls, each one once")
                .hasSameSizeAs(answer.toolCalls());
        assertThat(calls).as("streamed tool calls").hasSameSizeAs(answer.toolCalls());
        for (int index = 0; index < calls.size(); index++) {
            String arguments = calls.get(index).toString();
            assertThat(arguments)
                    .as("streamed arguments")
                    .isEqualTo(answer.toolCalls().get(index).arguments());
        }
        assertThat(citations).as("streamed citations").isEqualTo(answer.citations());
        assertThat(usage).as("streamed usage").isEqualTo(answer.usage());
        assertThat(stops).as("streamed stop reasons").containsExactly(answer.stopReason());
    }

    /** Returns the reasoning text of an answer; empty when it has none. */
    public static String reasoningOf(ProviderAnswer answer) {
        StringBuilder text = new StringBuilder();
        for (Part part : answer.content()) {
            if (part instanceof Part.Reasoning reasoning) {
                text.append(reasoning.text());
            }
        }
        return text.toString();
    }
}
