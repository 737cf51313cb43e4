package dev.architect.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.model.ModelId;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PriceCatalogueTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant CHANGE = Instant.parse("2026-12-01T00:00:00Z");
    private static final ModelId MODEL = new ModelId("claude", "sonnet-4-6");

    @Test
    void pricesEachBucketAtItsOwnRate() {
        PriceCatalogue catalogue = catalogue(price("sonnet-4-6", PromptTier.ANY, START, null, "3", "15"));

        Cost cost = catalogue.cost(MODEL, TokenUsage.of(1_000, 100), START);

        assertThat(cost).isEqualTo(Cost.priced(Money.ofUsd("0.0045")));
    }

    @Test
    void aFeePerRequestIsDueForEachCallUnlessItsNumberIsStated() {
        Price row = Price.builder(MODEL, "test", LocalDate.parse("2026-01-01"))
                .usdPerMillionTokens(UsageBucket.INPUT, "3")
                .rate(UsageBucket.REQUEST, Rate.each(new BigDecimal("0.005")))
                .build();
        PriceCatalogue catalogue = catalogue(row);
        TokenUsage stated = TokenUsage.builder()
                .add(UsageBucket.INPUT, 1)
                .add(UsageBucket.REQUEST, 0)
                .build();

        assertThat(catalogue.cost(MODEL, TokenUsage.of(1, 0), START))
                .isEqualTo(Cost.priced(new Money(5_000_000_000L + 3_000_000)));
        assertThat(catalogue.cost(MODEL, stated, START)).isEqualTo(Cost.priced(new Money(3_000_000)));
    }

    @Test
    void preparedPricesCreateNoObjects() {
        ModelPrices prices = catalogue(price("sonnet-4-6", PromptTier.ANY, START, null, "3", "15"))
                .of(MODEL);
        TokenUsage usage = TokenUsage.of(1_000, 100);
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        int calls = 20_000;

        long sum = sum(prices, usage, calls);
        long before = threads.getCurrentThreadAllocatedBytes();
        sum += sum(prices, usage, calls);

        // The reading itself may take some bytes, and code that is not compiled yet creates iterators.
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(calls);
        assertThat(sum).isEqualTo(2L * calls * 4_500_000_000L);
    }

    private static long sum(ModelPrices prices, TokenUsage usage, int calls) {
        long sum = 0;
        for (int i = 0; i < calls; i++) {
            sum += prices.picoUsd(Price.STANDARD, "", usage, START);
        }
        return sum;
    }

    @Test
    void unpricedIsNeverZero() {
        PriceCatalogue catalogue = catalogue(price("sonnet-4-6", PromptTier.ANY, START, null, "3", "15"));
        TokenUsage withSearch =
                TokenUsage.builder().add(UsageBucket.WEB_SEARCH, 1).build();

        assertThat(catalogue.cost(new ModelId("claude", "unknown"), TokenUsage.of(1, 1), START))
                .isEqualTo(Cost.UNPRICED);
        assertThat(catalogue.cost(MODEL, withSearch, START)).isEqualTo(Cost.UNPRICED);
        assertThat(catalogue.cost(MODEL, TokenUsage.UNKNOWN, START)).isEqualTo(Cost.UNPRICED);
        assertThat(catalogue.cost(MODEL, TokenUsage.of(1, 1), START.minusNanos(1)))
                .isEqualTo(Cost.UNPRICED);
    }

    @Test
    void aReportedZeroInABucketWithoutARateCostsNothing() {
        PriceCatalogue catalogue = catalogue(price("sonnet-4-6", PromptTier.ANY, START, null, "3", "15"));
        TokenUsage usage = TokenUsage.builder()
                .add(UsageBucket.INPUT, 1)
                .add(UsageBucket.CACHE_READ, 0)
                .add(UsageBucket.REASONING_IN_OUTPUT, 500)
                .build();

        assertThat(catalogue.cost(MODEL, usage, START)).isEqualTo(Cost.priced(new Money(3_000_000)));
    }

    @Test
    void changesThePriceAtTheVeryInstant() {
        PriceCatalogue catalogue = catalogue(
                price("sonnet-4-6", PromptTier.ANY, START, CHANGE, "2", "10"),
                price("sonnet-4-6", PromptTier.ANY, CHANGE, null, "4", "20"));

        assertThat(catalogue.cost(MODEL, TokenUsage.of(1, 0), CHANGE.minusNanos(1)))
                .isEqualTo(Cost.priced(new Money(2_000_000)));
        assertThat(catalogue.cost(MODEL, TokenUsage.of(1, 0), CHANGE)).isEqualTo(Cost.priced(new Money(4_000_000)));
    }

    @Test
    void aLargerPromptRepricesTheWholeCall() {
        PriceCatalogue catalogue = catalogue(
                price("sonnet-4-6", PromptTier.ANY, START, null, "3", "15"),
                price("sonnet-4-6", new PromptTier(200_000, PromptTier.Bound.ABOVE), START, null, "6", "22.5"));

        assertThat(catalogue.cost(MODEL, TokenUsage.of(200_000, 2), START))
                .isEqualTo(Cost.priced(new Money(200_000L * 3_000_000 + 2 * 15_000_000)));
        assertThat(catalogue.cost(MODEL, TokenUsage.of(200_001, 2), START))
                .isEqualTo(Cost.priced(new Money(200_001L * 6_000_000 + 2 * 22_500_000)));
    }

    @Test
    void prefersTheExactModelThenTheLongestPrefix() {
        PriceCatalogue catalogue = catalogue(
                prefix("sonnet", "1"),
                prefix("sonnet-4", "2"),
                price("sonnet-4-6", PromptTier.ANY, START, null, "3", "3"));

        assertThat(input(catalogue, "sonnet-4-6")).isEqualTo(new Money(3_000_000));
        assertThat(input(catalogue, "sonnet-4-6-20260101")).isEqualTo(new Money(2_000_000));
        assertThat(input(catalogue, "sonnet-5")).isEqualTo(new Money(1_000_000));
    }

    @Test
    void refusesTwoPricesForOneCall() {
        assertThatThrownBy(() -> catalogue(
                        price("sonnet-4-6", PromptTier.ANY, START, null, "3", "15"),
                        price("sonnet-4-6", PromptTier.ANY, CHANGE, null, "4", "20")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("claude/sonnet-4-6")
                .hasMessageContaining("overlap");
    }

    @Test
    void pricesACacheWriteOfUnknownLifetimeAsFiveMinutes() {
        Price price = new Price(
                "claude",
                "sonnet-4-6",
                Price.Match.EXACT,
                PromptTier.ANY,
                Price.STANDARD,
                Map.of(UsageBucket.CACHE_WRITE_5M, Rate.perMillion(new BigDecimal("3.75"))),
                START,
                null,
                "test",
                LocalDate.EPOCH);
        TokenUsage usage = TokenUsage.builder().add(UsageBucket.CACHE_WRITE, 10).build();

        assertThat(catalogue(price).cost(MODEL, usage, START)).isEqualTo(Cost.priced(new Money(37_500_000)));
    }

    @Test
    void imagesAndSoundNeverFallBackToTheRateOfText() {
        Price plain = price("sonnet-4-6", PromptTier.ANY, START, null, "3", "15");
        Price own = new Price(
                "claude",
                "sonnet-4-6",
                Price.Match.EXACT,
                PromptTier.ANY,
                Price.STANDARD,
                Map.of(
                        UsageBucket.INPUT, Rate.perMillion(new BigDecimal("3")),
                        UsageBucket.INPUT_IMAGE, Rate.perMillion(new BigDecimal("3")),
                        UsageBucket.INPUT_AUDIO, Rate.perMillion(new BigDecimal("7"))),
                START,
                null,
                "test",
                LocalDate.EPOCH);
        TokenUsage usage = TokenUsage.builder()
                .add(UsageBucket.INPUT_AUDIO, 10)
                .add(UsageBucket.INPUT_IMAGE, 1)
                .build();

        assertThat(catalogue(own).cost(MODEL, usage, START)).isEqualTo(Cost.priced(new Money(73_000_000)));
        for (UsageBucket kind : List.of(
                UsageBucket.INPUT_IMAGE,
                UsageBucket.INPUT_AUDIO,
                UsageBucket.CACHE_READ_AUDIO,
                UsageBucket.OUTPUT_IMAGE,
                UsageBucket.OUTPUT_AUDIO)) {
            TokenUsage one =
                    TokenUsage.builder().add(UsageBucket.INPUT, 10).add(kind, 1).build();
            assertThat(catalogue(plain).cost(MODEL, one, START)).as("%s", kind).isEqualTo(Cost.UNPRICED);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sonnet-4-6-2026-02-17, true",
        "sonnet-4-6-20260217, true",
        "sonnet-4-6@20260217, true",
        "sonnet-4-6-02-2026, true",
        "models/sonnet-4-6-20260217, true",
        "sonnet-4-6, false",
        "sonnet-4-6-, false",
        "sonnet-4-6-mini, false",
        "sonnet-4-6-2026-02-17-mini, false",
        "sonnet-4-6-20260217-thinking, false",
        "sonnet-4-6-2026, false",
        "sonnet-4-6-2026-2-17, false",
        "sonnet-4-6-2026-0217, false",
        "sonnet-4-6-20261317, false",
        "sonnet-4-6-20260232, false",
        "sonnet-4-6-19990217, false",
        "sonnet-4-62026-02-17, false",
        "sonnet-4-6-latest, false",
    })
    void datedRowMatchesADateUpToTheEndOfTheId(String model, boolean isMatch) {
        Price dated = new Price(
                "claude",
                "sonnet-4-6",
                Price.Match.DATED,
                PromptTier.ANY,
                Price.STANDARD,
                Map.of(UsageBucket.INPUT, Rate.perMillion(BigDecimal.ONE)),
                START,
                null,
                "test",
                LocalDate.EPOCH);

        assertThat(dated.matches(new ModelId("claude", model))).isEqualTo(isMatch);
    }

    @Test
    void modelsBeforeAnIdSaysNothing() {
        PriceCatalogue catalogue = catalogue(price("sonnet-4-6", PromptTier.ANY, START, null, "3", "15"));

        assertThat(input(catalogue, "models/sonnet-4-6")).isEqualTo(new Money(3_000_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"standard", "STANDARD", "default", "auto", "unspecified", "standard_only", "on_demand", ""})
    void severalWordsOfProvidersMeanTheStandardTier(String tier) {
        PriceCatalogue catalogue = catalogue(price("sonnet-4-6", PromptTier.ANY, START, null, "3", "15"));

        assertThat(catalogue.cost(MODEL, tier, TokenUsage.of(1, 0), START))
                .isEqualTo(Cost.priced(new Money(3_000_000)));
        assertThat(catalogue.cost(MODEL, "flex", TokenUsage.of(1, 0), START)).isEqualTo(Cost.UNPRICED);
    }

    @Test
    void rowOfTheRegionWinsThereAndNowhereElse() {
        Price everywhere = price("sonnet-4-6", PromptTier.ANY, START, null, "10", "15");
        Price us = new Price(
                "claude",
                "sonnet-4-6",
                Price.Match.EXACT,
                PromptTier.ANY,
                Price.STANDARD,
                Map.of(UsageBucket.INPUT, Rate.perMillion(new BigDecimal("11"))),
                START,
                null,
                "test",
                LocalDate.EPOCH,
                Optional.of("us"));
        PriceCatalogue catalogue = catalogue(everywhere, us);
        TokenUsage usage = TokenUsage.of(1, 0);

        assertThat(catalogue.cost(MODEL, Price.STANDARD, "us", usage, START))
                .isEqualTo(Cost.priced(new Money(11_000_000)));
        for (String region : List.of("", "global", "eu", "not_available")) {
            assertThat(catalogue.cost(MODEL, Price.STANDARD, region, usage, START))
                    .isEqualTo(Cost.priced(new Money(10_000_000)));
        }
    }

    @Test
    void ownRowsReplaceThoseOfTheSameModelAndTier() {
        PriceCatalogue base = catalogue(
                price("sonnet-4-6", PromptTier.ANY, START, null, "3", "15"),
                price("opus", PromptTier.ANY, START, null, "5", "25"));

        PriceCatalogue own =
                base.with("contract", List.of(price("sonnet-4-6", PromptTier.ANY, START, null, "2", "10")));

        assertThat(own.version()).isEqualTo(base.version() + "+contract");
        assertThat(input(own, "sonnet-4-6")).isEqualTo(new Money(2_000_000));
        assertThat(input(own, "opus")).isEqualTo(new Money(5_000_000));
        assertThat(input(base, "sonnet-4-6")).isEqualTo(new Money(3_000_000));
    }

    @Test
    void prefersAnExactModelOverAPrefixOfTheSameLength() {
        Price exact = price("sonnet-4-6", PromptTier.ANY, START, null, "3", "3");
        Price prefix = prefix("sonnet-4-6", "1");

        assertThat(input(catalogue(exact, prefix), "sonnet-4-6")).isEqualTo(new Money(3_000_000));
        assertThat(input(catalogue(prefix, exact), "sonnet-4-6")).isEqualTo(new Money(3_000_000));
    }

    @Test
    void prefersAnExactModelOverALargerTierOfAPrefix() {
        Price exact = price("sonnet-4-6", PromptTier.ANY, START, null, "3", "15");
        Price largePrompts = new Price(
                "claude",
                "sonnet",
                Price.Match.PREFIX,
                new PromptTier(200_000, PromptTier.Bound.FROM),
                Price.STANDARD,
                rates("9", "9"),
                START,
                null,
                "test",
                LocalDate.EPOCH);

        assertThat(catalogue(largePrompts, exact).cost(MODEL, TokenUsage.of(300_000, 0), START))
                .isEqualTo(Cost.priced(new Money(300_000L * 3_000_000)));
    }

    @Test
    void aTierFromAThresholdContainsTheThreshold() {
        PromptTier tier = new PromptTier(200_000, PromptTier.Bound.FROM);

        assertThat(tier.covers(199_999)).isFalse();
        assertThat(tier.covers(200_000)).isTrue();
        assertThat(PromptTier.ANY.covers(0)).isTrue();
    }

    @Test
    void acceptsConsecutivePricesInAnyOrder() {
        Price before = price("sonnet-4-6", PromptTier.ANY, START, CHANGE, "2", "10");
        Price after = price("sonnet-4-6", PromptTier.ANY, CHANGE, null, "4", "20");

        assertThat(before.overlaps(after)).isFalse();
        assertThat(after.overlaps(before)).isFalse();
        assertThat(catalogue(after, before).prices()).containsExactly(after, before);
    }

    @Test
    void refusesOverlappingPricesInAnyOrder() {
        Price open = price("sonnet-4-6", PromptTier.ANY, START, null, "2", "10");
        Price closed = price("sonnet-4-6", PromptTier.ANY, CHANGE, CHANGE.plusSeconds(1), "4", "20");

        assertThat(open.overlaps(closed)).isTrue();
        assertThat(closed.overlaps(open)).isTrue();
    }

    @Test
    void anEmptyPrefixMatchesEveryModelOfTheProvider() {
        assertThat(input(catalogue(prefix("", "1")), "anything")).isEqualTo(new Money(1_000_000));
        assertThatThrownBy(() -> price("", PromptTier.ANY, START, null, "1", "1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model");
    }

    @Test
    void anEstimateKeepsTheAmountAndNeverPricesTheUnpriced() {
        Money amount = Money.ofUsd("0.5");

        assertThat(Cost.priced(amount).estimated().status()).isEqualTo(CostStatus.ESTIMATED);
        assertThat(Cost.priced(amount).estimated().amount()).contains(amount);
        assertThat(Cost.UNPRICED.estimated()).isEqualTo(Cost.UNPRICED);
        assertThat(Cost.NOT_BILLED.estimated()).isEqualTo(Cost.NOT_BILLED);
    }

    private static Money input(PriceCatalogue catalogue, String model) {
        return catalogue
                .cost(new ModelId("claude", model), TokenUsage.of(1, 0), START)
                .amount()
                .orElseThrow();
    }

    private static PriceCatalogue catalogue(Price... prices) {
        return new PriceCatalogue("test", List.of(prices));
    }

    private static Price prefix(String model, String usd) {
        return new Price(
                "claude",
                model,
                Price.Match.PREFIX,
                PromptTier.ANY,
                Price.STANDARD,
                rates(usd, usd),
                START,
                null,
                "test",
                LocalDate.EPOCH);
    }

    private static Price price(
            String model, PromptTier tier, Instant from, @Nullable Instant to, String input, String output) {
        return new Price(
                "claude",
                model,
                Price.Match.EXACT,
                tier,
                Price.STANDARD,
                rates(input, output),
                from,
                to,
                "test",
                LocalDate.EPOCH);
    }

    private static Map<UsageBucket, Rate> rates(String input, String output) {
        return Map.of(
                UsageBucket.INPUT, Rate.perMillion(new BigDecimal(input)),
                UsageBucket.OUTPUT, Rate.perMillion(new BigDecimal(output)));
    }
}
