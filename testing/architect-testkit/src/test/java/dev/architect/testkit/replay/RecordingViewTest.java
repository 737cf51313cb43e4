package dev.architect.testkit.replay;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.chat.Part;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecordingViewTest {

    private static final RecordingView VIEW = RecordingView.text("/text")
            .model("/model")
            .reasoning("/thoughts")
            .toolCalls("/calls", "/id", "/name", "/input")
            .stop("/stop", Map.of("end", StopReason.COMPLETE, "length", StopReason.LENGTH))
            .count(UsageBucket.INPUT, "/usage/all", "-/usage/cached")
            .count(UsageBucket.CACHE_READ, "/usage/cached");

    private static final String READ = """
            {"text":"hello","model":"m","thoughts":"hm","stop":"end","usage":{"all":10,"cached":4},
             "calls":[{"id":"c1","name":"weather","input":{"city":"Berlin"}}]}""";

    @Test
    void equalAnswersPass() {
        assertThatCode(() -> VIEW.assertSame(answer().build(), read(READ))).doesNotThrowAnyException();
        assertThatCode(() -> VIEW.assertSame(
                        answer().build(),
                        read(READ.replace("{\"city\":\"Berlin\"}", "\"{ \\\"city\\\":\\\"Berlin\\\"}\""))))
                .as("arguments as text")
                .doesNotThrowAnyException();
    }

    @Test
    void everyDifferenceFails() {
        for (String change : List.of(
                "hello|hallo",
                "\"m\"|\"n\"",
                "hm|hmm",
                "\"end\"|\"length\"",
                "\"end\"|\"other\"",
                ":10|:11",
                ":4|:5",
                "c1|c2",
                "weather|time",
                "Berlin|Paris",
                "\"calls\"|\"none\"")) {
            String[] fields = change.split("\\|");
            assertThatThrownBy(() -> VIEW.assertSame(answer().build(), read(READ.replace(fields[0], fields[1]))))
                    .as(change)
                    .isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void aCountWithoutAPointerMustBeAbsent() {
        ProviderAnswer more = answer().usage(usage().add(UsageBucket.OUTPUT, 1).build(), UsageSource.REPORTED)
                .build();

        assertThatThrownBy(() -> VIEW.assertSame(more, read(READ))).hasMessageContaining("OUTPUT");
    }

    private static ProviderAnswer.Builder answer() {
        return ProviderAnswer.builder(
                        "m",
                        List.of(
                                new Part.Reasoning("hm", Optional.empty()),
                                new Part.Text("hello"),
                                new Part.ToolCall("c1", "weather", "{\"city\": \"Berlin\"}", Optional.empty())),
                        StopReason.TOOL_CALLS)
                .usage(usage().build(), UsageSource.REPORTED);
    }

    private static TokenUsage.Builder usage() {
        return TokenUsage.builder().add(UsageBucket.INPUT, 6).add(UsageBucket.CACHE_READ, 4);
    }

    private static JsonNode read(String json) throws IOException {
        return new ObjectMapper().readTree(json);
    }
}
