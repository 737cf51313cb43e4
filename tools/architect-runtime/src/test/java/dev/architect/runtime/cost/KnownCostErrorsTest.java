package dev.architect.runtime.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.CostStatus;
import dev.architect.cost.PriceCatalogue;
import dev.architect.model.ModelId;
import dev.architect.router.pricing.Prices;
import dev.architect.usage.TokenUsage;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Errors that other gateways had, each under the name that the project's list of them gives it, over HTTP and to the last pico-dollar. The issues are
 * in the repositories that are named beside them. {@code RouterLedgerTest}, {@code PricesTest}, {@code ClaudeUsageTest} and {@code
 * KilledLedgerTest} hold the others.
 */
final class KnownCostErrorsTest {

    private static final Map<String, GoldenCall> CALLS =
            GoldenCostTest.calls().collect(Collectors.toMap(GoldenCall::id, Function.identity()));

    private PricingMutant mutant = PricingMutant.NONE;

    /** Returns these checks of a part that has a defect. */
    static KnownCostErrorsTest under(PricingMutant mutant) {
        KnownCostErrorsTest checks = new KnownCostErrorsTest();
        checks.mutant = mutant;
        return checks;
    }

    private void check(String... ids) throws Exception {
        for (String id : ids) {
            assertThat(CALLS).containsKey(id);
            GoldenCostTest.check(CALLS.get(id), mutant);
        }
    }

    /** LiteLLM 9812, 6575, 40006: cache writes were charged as input and as a write. */
    @Test
    void chargesCacheWritesOnce() throws Exception {
        check("cache/write-of-unstated-time", "cache/write-of-unstated-time/stream");
    }

    /** LiteLLM 5443: cache tokens were not charged at all. */
    @Test
    void pricesCacheReadsAndWritesOfClaude() throws Exception {
        check("cache/mixed", "cache/mixed/stream", "cache/write-5m", "cache/write-1h");
    }

    /** LiteLLM 11364, 11789: cache reads were priced as input, only of streams. */
    @Test
    void keepsCacheReadsInStreams() throws Exception {
        check("cache/read", "cache/read/stream");
    }

    /** LiteLLM 37485: the stream lost the cached tokens. */
    @Test
    void keepsOpenAiCachedTokensInStreams() throws Exception {
        check("cache/openai-read/stream", "cache/openai-write/stream", "cache/responses-write/stream");
    }

    /** LiteLLM 15945: the prompt's total has what is cached in it at one provider, and not at another. */
    @Test
    void normalisesPromptTotalsPerProvider() throws Exception {
        check(
                "cache/read",
                "cache/openai-read",
                "cache/responses-write",
                "cache/gemini-read",
                "cache/agent-read-and-write");
    }

    /** LiteLLM 14874: reasoning was counted twice. */
    @Test
    void countsReasoningOnce() throws Exception {
        check("named/countsReasoningOnce", "openai-responses/stream");
    }

    /** Bifrost 5354: the usage of the first and the last event of a stream was added up. */
    @Test
    void mergesClaudeStreamUsageByLastValue() throws Exception {
        check("date/dated-suffix", "claude/stream", "claude/cut-after-running-total");
    }

    /** Bifrost 904: $1.68 was shown for $0.34. */
    @Test
    void pricesCachedInputAtItsOwnRate() throws Exception {
        check("cache/openai-read", "cache/gemini-read", "threshold/gemini-cached/above", "threshold/openai-written/at");
    }

    /** Bifrost 4575, 4842, 5387: a fallback was billed as the primary. */
    @Test
    void pricesTheModelThatAnswered() throws Exception {
        check("named/pricesTheModelThatAnswered", "date/alias", "claude/failover");
    }

    /** Bifrost 7834, 7838: more than 272,000 tokens were priced as fewer. */
    @Test
    void picksTierByWholePrompt() throws Exception {
        check("threshold/openai-written/at", "threshold/openai-written/above", "threshold/claude-cached/above");
    }

    /** Bifrost 7837: the tier that was asked for was priced in place of the one that served. */
    @Test
    void picksServiceTierOfTheResponse() throws Exception {
        check("tier/priority", "tier/downgraded", "tier/flex", "tier/gemini-batch-above");
    }

    /** Bifrost 4305: there were no prices without the network. */
    @Test
    void pricesOffline() {
        PriceCatalogue shipped = Prices.standard();

        assertThat(shipped.cost(
                                ModelId.parse("claude/claude-haiku-4-5"),
                                TokenUsage.of(1_000, 100),
                                Instant.parse("2026-11-22T12:00:00Z"))
                        .status())
                .isEqualTo(CostStatus.PRICED);
    }

    /** claudit 1.9.2: a new model cost nothing, and a cut of one rate was missed. */
    @Test
    void unpricedIsNeverZero() throws Exception {
        check("date/unknown-suffix", "modality/audio-without-price", "tier/unlisted");
    }

    /** claudit 1.9.2: only the rate of cache reads was cut. */
    @Test
    void datesEachRateAlone() throws Exception {
        check("date/one-bucket-before", "date/one-bucket-after", "date/microsecond-before", "date/microsecond-from");
    }

    /** AnythingLLM's connectors do not see the cache, and count with a tokenizer of their own. */
    @Test
    void marksAnythingLlmAsEstimated() throws Exception {
        check("named/marksAnythingLlmAsEstimated", "anythingllm/plain");
    }

    /** Clients that read the candidates' tokens alone had the thoughts for free. */
    @Test
    void countsGeminiThoughts() throws Exception {
        check("named/countsGeminiThoughts", "gemini/stream");
    }

    /** Two losses that are worth more than one case: what failed is booked, and so are both of a hedged request. */
    @Test
    void booksEveryCallThatReachedTheProvider() throws Exception {
        for (String id : List.of("claude/retry", "openai-chat/failover", "claude/timeout", "hedge/winner-and-loser")) {
            check(id);
        }
    }
}
