package dev.architect.provider.http.reading;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class UsageReaderTest {

    @Test
    void takesCachedTokensOutOfTheirTotal() throws Exception {
        JsonNode counts = json("{\"prompt\":1420,\"cached\":1280,\"out\":100}");

        UsageReader usage = prompt(counts).put(UsageBucket.OUTPUT, counts.path("out"));

        assertThat(usage.usage().toString()).isEqualTo("INPUT=140,CACHE_READ=1280,OUTPUT=100");
        assertThat(usage.source()).isEqualTo(UsageSource.REPORTED);
    }

    @Test
    void neverCorrectsPartsThatAreMoreThanTheirTotalInSilence() throws Exception {
        JsonNode counts = json("{\"prompt\":100,\"cached\":101,\"out\":1}");

        UsageReader usage = prompt(counts).put(UsageBucket.OUTPUT, counts.path("out"));

        assertThat(usage.usage()).isEqualTo(TokenUsage.of(100, 1));
        assertThat(usage.source()).isEqualTo(UsageSource.ESTIMATED);
    }

    @Test
    void leavesAbsentCountsUnknown() throws Exception {
        JsonNode counts = json("{\"prompt\":null}");

        UsageReader usage = prompt(counts).put(UsageBucket.OUTPUT, counts.path("out"));

        assertThat(usage.usage().isUnknown()).isTrue();
        assertThat(usage.source()).isEqualTo(UsageSource.ESTIMATED);
    }

    @Test
    void doubtsCountsThatAreNoWholeNumbers() throws Exception {
        for (String count : List.of("-1", "1.5", "\"12\"", "true", "[1]", "99999999999999999999", "1e400")) {
            JsonNode counts = json("{\"prompt\":5,\"out\":" + count + "}");

            UsageReader usage = prompt(counts).put(UsageBucket.OUTPUT, counts.path("out"));

            assertThat(usage.usage().isKnown(UsageBucket.OUTPUT)).as(count).isFalse();
            assertThat(usage.source()).as(count).isEqualTo(UsageSource.ESTIMATED);
        }
    }

    @Test
    void leavesTheRestUnknownWhenNothingIsLeft() throws Exception {
        JsonNode counts = json("{\"prompt\":7,\"cached\":7}");

        assertThat(prompt(counts).usage().toString()).isEqualTo("INPUT=0,CACHE_READ=7");
        assertThat(new UsageReader()
                        .put(UsageBucket.CACHE_READ, counts.path("cached"))
                        .putRestIfAny(UsageBucket.INPUT, counts.path("prompt"), UsageBucket.CACHE_READ)
                        .usage()
                        .toString())
                .isEqualTo("CACHE_READ=7");
    }

    @Test
    void addsAndReplaces() throws Exception {
        JsonNode counts = json("{\"a\":3,\"b\":4}");

        TokenUsage usage = new UsageReader()
                .put(UsageBucket.INPUT, counts.path("a"))
                .put(UsageBucket.INPUT, counts.path("b"))
                .add(UsageBucket.OUTPUT, counts.path("a"))
                .add(UsageBucket.OUTPUT, counts.path("b"))
                .usage();

        assertThat(usage).isEqualTo(TokenUsage.of(4, 7));
    }

    @Test
    void keepsUsageAsEstimatedWhenTheProviderEstimates() throws Exception {
        JsonNode counts = json("{\"a\":3}");

        UsageReader usage = new UsageReader()
                .put(UsageBucket.INPUT, counts.path("a"))
                .put(UsageBucket.OUTPUT, counts.path("a"))
                .estimated();

        assertThat(usage.source()).isEqualTo(UsageSource.ESTIMATED);
    }

    private static UsageReader prompt(JsonNode counts) {
        return new UsageReader()
                .put(UsageBucket.CACHE_READ, counts.path("cached"))
                .putRest(UsageBucket.INPUT, counts.path("prompt"), UsageBucket.CACHE_READ);
    }

    private static JsonNode json(String text) throws Exception {
        return new ObjectMapper().readTree(text);
    }
}
