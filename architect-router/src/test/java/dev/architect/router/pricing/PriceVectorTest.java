package dev.architect.router.pricing;

import static dev.architect.usage.UsageBucket.CACHE_READ;
import static dev.architect.usage.UsageBucket.CACHE_WRITE;
import static dev.architect.usage.UsageBucket.CACHE_WRITE_1H;
import static dev.architect.usage.UsageBucket.CACHE_WRITE_5M;
import static dev.architect.usage.UsageBucket.INPUT;
import static dev.architect.usage.UsageBucket.OUTPUT;
import static dev.architect.usage.UsageBucket.REASONING_IN_OUTPUT;
import static dev.architect.usage.UsageBucket.REQUEST;
import static dev.architect.usage.UsageBucket.WEB_SEARCH;
import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.Cost;
import dev.architect.cost.Money;
import dev.architect.cost.PriceCatalogue;
import dev.architect.model.ModelId;
import dev.architect.router.yaml.BundledFile;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The worked vectors of the cost reference, to the last pico-dollar. */
class PriceVectorTest {

    private static final PriceCatalogue RATES =
            Prices.parse(BundledFile.text(PriceVectorTest.class, "vector-prices.yaml"));
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    record Vector(String id, String model, String serviceTier, Map<UsageBucket, Long> usage, long picoUsd) {
        @Override
        public String toString() {
            return id;
        }
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void costsExactlyWhatTheProviderBills(Vector vector) {
        Cost cost = RATES.cost(ModelId.parse(vector.model), vector.serviceTier, new TokenUsage(vector.usage), NOW);

        assertThat(cost).isEqualTo(Cost.priced(new Money(vector.picoUsd)));
    }

    static Stream<Vector> vectors() {
        return Stream.of(
                vector(
                        "G01",
                        "claude/claude-3-7-sonnet",
                        Map.of(INPUT, 3L, CACHE_WRITE, 12_304L, OUTPUT, 550L),
                        54_399_000_000L),
                vector(
                        "G02",
                        "claude/claude-haiku-4-5-20251001",
                        Map.of(INPUT, 80L, OUTPUT, 638L, REASONING_IN_OUTPUT, 353L),
                        3_270_000_000L),
                vector(
                        "G03",
                        "claude/claude-opus-5",
                        Map.of(
                                INPUT,
                                120L,
                                CACHE_READ,
                                50_000L,
                                CACHE_WRITE_5M,
                                2_000L,
                                CACHE_WRITE_1H,
                                1_000L,
                                OUTPUT,
                                800L,
                                WEB_SEARCH,
                                3L),
                        98_100_000_000L),
                vector(
                        "G04 at the threshold",
                        "claude/claude-haiku-5-5",
                        Map.of(CACHE_READ, 80_000L, OUTPUT, 1_000L, INPUT, 20_000L),
                        3_300_000_000L),
                vector(
                        "G04 one above",
                        "claude/claude-haiku-5-5",
                        Map.of(CACHE_READ, 80_000L, OUTPUT, 1_000L, INPUT, 20_001L),
                        16_500_500_000L),
                vector(
                        "G05",
                        "claude/claude-3-5-haiku",
                        Map.of(INPUT, 4L, CACHE_READ, 2_455L, OUTPUT, 23L),
                        291_600_000L),
                vector(
                        "G06",
                        "openai/gpt-4o-2024-08-06",
                        Map.of(INPUT, 140L, CACHE_READ, 1_280L, OUTPUT, 100L),
                        2_950_000_000L),
                vector(
                        "G07",
                        "openai/gpt-5.4-2026-03-05",
                        Map.of(INPUT, 50L, OUTPUT, 1_229L, REASONING_IN_OUTPUT, 1_016L),
                        18_560_000_000L),
                vector(
                        "G08 at the threshold",
                        "openai/gpt-5.6-terra",
                        Map.of(INPUT, 62_000L, CACHE_READ, 200_000L, CACHE_WRITE, 10_000L, OUTPUT, 1_000L),
                        201_000_000_000L),
                vector(
                        "G08 one above",
                        "openai/gpt-5.6-terra",
                        Map.of(INPUT, 62_001L, CACHE_READ, 200_000L, CACHE_WRITE, 10_000L, OUTPUT, 1_000L),
                        396_004_000_000L),
                vector("G09", "gemini/gemini-3.5-flash", Map.of(INPUT, 15L, OUTPUT, 73L), 679_500_000L),
                vector(
                        "G10",
                        "gemini/gemini-3.1-pro",
                        Map.of(INPUT, 150_000L, CACHE_READ, 100_000L, OUTPUT, 2_500L),
                        685_000_000_000L),
                new Vector(
                        "G10 batch",
                        "gemini/gemini-3.1-pro",
                        "batch",
                        Map.of(INPUT, 150_000L, CACHE_READ, 100_000L, OUTPUT, 2_500L),
                        342_500_000_000L),
                vector(
                        "G11 computed",
                        "perplexity/sonar",
                        Map.of(INPUT, 8L, OUTPUT, 178L, REQUEST, 1L),
                        5_186_000_000L),
                vector("G12 call 2", "claude/claude-sonnet-5", Map.of(INPUT, 1_200L, OUTPUT, 40L), 4_200_000_000L),
                vector("G12 call 3", "gemini/gemini-3.5-flash", Map.of(INPUT, 1_180L, OUTPUT, 60L), 2_310_000_000L));
    }

    private static Vector vector(String id, String model, Map<UsageBucket, Long> usage, long picoUsd) {
        return new Vector(id, model, "standard", usage, picoUsd);
    }
}
