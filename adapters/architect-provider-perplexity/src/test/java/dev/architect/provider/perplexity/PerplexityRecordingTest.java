package dev.architect.provider.perplexity;

import static dev.architect.provider.perplexity.PerplexityReplay.ask;
import static dev.architect.provider.perplexity.PerplexityReplay.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.Money;
import dev.architect.model.FailureKind;
import dev.architect.model.ProviderException;
import dev.architect.model.StopReason;
import dev.architect.spi.ProviderAnswer;
import dev.architect.testkit.replay.RecordedReply;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import dev.architect.usage.UsageSource;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Recorded traffic of the real service. */
class PerplexityRecordingTest {

    private static final Path WHOLE = PerplexityReplay.RECORDINGS.resolve("chunk-fixtures/agent-web-search.json");
    private static final Path EVENTS =
            PerplexityReplay.RECORDINGS.resolve("chunk-fixtures/agent-web-search.chunks.txt");

    @Test
    void readsAnAnswerThatSearchedTheWeb() throws Exception {
        ProviderAnswer answer = ask(RecordedReply.ofBody(WHOLE), 13);

        assertThat(answer.text())
                .isEqualTo("The official TypeScript website is **typescriptlang.org**; TypeScript is a strongly"
                        + " typed programming language that builds on JavaScript with syntax for types.[7]");
        assertThat(answer.stopReason()).isEqualTo(StopReason.COMPLETE);
        assertThat(answer.model()).isEqualTo("openai/gpt-6-luna");
        assertThat(answer.serviceTier()).isEqualTo("fast");
        assertThat(answer.requestId()).contains("resp_8762b9bb-2d06-44a4-b68c-412dc85b24db");
        assertThat(answer.usage())
                .isEqualTo(new TokenUsage(Map.of(
                        UsageBucket.INPUT, 3L,
                        UsageBucket.CACHE_READ, 1780L,
                        UsageBucket.CACHE_WRITE, 1224L,
                        UsageBucket.OUTPUT, 36L,
                        UsageBucket.REASONING_IN_OUTPUT, 0L,
                        UsageBucket.WEB_SEARCH, 1L)));
        assertThat(answer.usageSource()).isEqualTo(UsageSource.REPORTED);
        assertThat(answer.statedCost()).contains(Money.ofUsd("0.00119"));
    }

    @Test
    void appendsATextThatComesFourTimesOnce() throws Exception {
        ProviderAnswer answer = ask(RecordedReply.ofEvents(EVENTS), 13);

        assertThat(answer.text())
                .isEqualTo("The official TypeScript website is **typescriptlang.org**; TypeScript is a strongly"
                        + " typed programming language that builds on JavaScript and adds syntax for types.[7]");
        assertThat(answer.model()).isEqualTo("openai/gpt-6-luna");
        assertThat(answer.usage().count(UsageBucket.INPUT)).isEqualTo(3);
        assertThat(answer.usage().count(UsageBucket.CACHE_READ)).isEqualTo(3004);
        assertThat(answer.usage().count(UsageBucket.OUTPUT)).isEqualTo(37);
        assertThat(answer.usage().count(UsageBucket.WEB_SEARCH)).isEqualTo(1);
        assertThat(answer.statedCost()).contains(Money.ofUsd("0.00105"));
    }

    @Test
    void reportsAWrongKey() throws Exception {
        RecordedReply reply = RecordedReply.load(
                        PerplexityReplay.RECORDINGS.resolveSibling("perplexity-sonar/error-401.json"))
                .get(0);

        ProviderException badKey = failure(() -> ask(reply, 100));

        assertThat(badKey.kind()).isEqualTo(FailureKind.AUTHENTICATION);
        assertThat(badKey.status()).hasValue(401);
        assertThat(badKey).hasMessageContaining("invalid_api_key");
    }
}
