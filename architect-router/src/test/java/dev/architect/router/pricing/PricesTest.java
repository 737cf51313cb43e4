package dev.architect.router.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.architect.cost.Cost;
import dev.architect.cost.Money;
import dev.architect.cost.MoneyTotal;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.model.ModelId;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PricesTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final PriceCatalogue STANDARD = Prices.standard();

    @TempDir
    private Path directory;

    /** A second key of a vendor is a provider of its own, at the vendor's prices. */
    @Test
    void aProviderMayHaveAllPricesOfAnother() {
        PriceCatalogue prices = Prices.parse("""
                version: two keys
                prices:
                  - {provider: claude-2, pricesOf: claude, source: the same account, checked: 2026-11-28}
                """);

        TokenUsage usage = TokenUsage.builder()
                .add(UsageBucket.INPUT, 890)
                .add(UsageBucket.CACHE_READ, 1_000)
                .add(UsageBucket.OUTPUT, 22)
                .build();
        for (String model : new String[] {"claude-sonnet-4-6", "claude-haiku-5-5", "claude-opus-5-5"}) {
            for (String tier : new String[] {Price.STANDARD, "fast", "batch"}) {
                assertThat(prices.cost(new ModelId("claude-2", model), tier, usage, NOW))
                        .isEqualTo(STANDARD.cost(new ModelId("claude", model), tier, usage, NOW));
            }
        }
        assertThat(prices.cost(new ModelId("claude-2", "claude-sonnet-4-6"), usage, NOW)
                        .amount())
                .isPresent();
        assertThatThrownBy(() -> Prices.parse("""
                        version: two keys
                        prices:
                          - {provider: claude-2, pricesOf: clod, source: x, checked: 2026-11-28}
                        """))
                .isInstanceOf(PriceException.class)
                .hasMessageContaining("is 'clod', expected a provider with prices");
    }

    @ParameterizedTest
    @CsvSource({
        // model, instant, input, output, pico-dollars
        "gemini/gemini-3.7-flash, 2026-12-31T23:59:59Z, 1000, 500, 2625000000",
        "gemini/gemini-3.7-flash, 2027-01-01T00:00:00Z, 1000, 500, 5250000000",
        "gemini/gemini-4-argon, 2026-11-30T23:59:59.999999999Z, 1000, 0, 2000000000",
        "gemini/gemini-4-argon, 2026-12-01T00:00:00Z, 1000, 0, 4000000000",
        "openai/gpt-5.6-luna, 2026-07-29T23:59:59Z, 1000, 0, 1000000000",
        "openai/gpt-5.6-luna, 2026-07-30T00:00:00Z, 1000, 0, 200000000",
        "claude/claude-sonnet-4-6, 2026-03-12T23:59:59Z, 200001, 0, 1200006000000",
        "claude/claude-sonnet-4-6, 2026-03-13T00:00:00Z, 200001, 0, 600003000000",
        "claude/claude-sonnet-4-6, 2026-11-22T00:00:00Z, 890, 22, 3000000000",
        "openai/gpt-4o-mini-2024-07-18, 2026-11-22T00:00:00Z, 890, 22, 146700000",
        "ollama/anything:7b, 2026-11-22T00:00:00Z, 890, 22, 0",
        "anythingllm/OllamaAILLM/qwen3:8b, 2026-11-22T00:00:00Z, 890, 22, 0",
    })
    void pricesByTheInstantOfTheCall(String model, Instant at, long input, long output, long picoUsd) {
        assertThat(STANDARD.cost(ModelId.parse(model), TokenUsage.of(input, output), at))
                .isEqualTo(Cost.priced(new Money(picoUsd)));
    }

    @ParameterizedTest
    @CsvSource({
        "openai/gpt-9",
        "openai/gpt-5.9",
        "openai/gpt-4o-mini-audio-preview",
        "openai/gpt-5-codex-max",
        "openai/gpt-5-2025-08-07-mini",
        "openai/gpt-4o-2024-08-06-audio",
        "claude/claude-opus-6",
        "gemini/gemini-2.5-flash-tts",
        "anythingllm/OpenAiLLM/gpt-9",
        "anythingllm/OpenRouterLLM/gpt-4o",
        "perplexity/openai/gpt-9",
        "perplexity/xai/grok-4",
        "perplexity/gpt-4o",
        "anythingllm/docs",
        "nobody/llama3.2",
        "gemini/gemini-4-carbon-mini",
        "perplexity/sonar-max"
    })
    void unpricedIsNeverZero(String model) {
        Cost cost = STANDARD.cost(ModelId.parse(model), TokenUsage.of(1_000, 1_000), NOW);

        assertThat(cost).isEqualTo(Cost.UNPRICED);
        assertThat(cost.amount()).isEmpty();
    }

    @Test
    void usedBucketWithoutRateIsUnpriced() {
        TokenUsage usage = TokenUsage.builder()
                .add(UsageBucket.INPUT, 1)
                .add(UsageBucket.CACHE_WRITE_1H, 1)
                .build();

        assertThat(STANDARD.cost(ModelId.parse("openai/gpt-4o"), usage, NOW)).isEqualTo(Cost.UNPRICED);
    }

    @Test
    void serviceTierWithoutRatesIsUnpriced() {
        ModelId opus = ModelId.parse("claude/claude-opus-5-5");

        assertThat(STANDARD.cost(opus, "fast", TokenUsage.of(1_000, 0), NOW))
                .isEqualTo(Cost.priced(new Money(8_000_000_000L)));
        assertThat(STANDARD.cost(opus, "priority", TokenUsage.of(1_000, 0), NOW))
                .isEqualTo(Cost.UNPRICED);
    }

    @ParameterizedTest
    @CsvSource({
        // model, tier, region, input, output, pico-dollars
        "claude/claude-sonnet-4-6, batch, '', 1000, 1000, 9000000000",
        "claude/claude-sonnet-4-6, standard, us, 1000, 1000, 19800000000",
        "claude/claude-sonnet-4-6, batch, us, 1000, 1000, 9900000000",
        "claude/claude-sonnet-4-6, standard, global, 1000, 1000, 18000000000",
        "claude/claude-sonnet-4-6, auto, '', 1000, 1000, 18000000000",
        "claude/claude-haiku-4-5-20251001, standard, us, 1000, 1000, 6000000000",
        "claude/claude-opus-4-6, fast, '', 1000, 1000, 180000000000",
        "claude/claude-haiku-5-5, batch, '', 100001, 0, 25000250000",
        "openai/gpt-5-mini, flex, '', 1000, 1000, 1125000000",
        "openai/gpt-5-mini, batch, '', 1000, 1000, 1125000000",
        "openai/gpt-5-mini-2025-08-07, priority, '', 1000, 1000, 4050000000",
        "openai/gpt-5.6-sol, priority, '', 1000, 1000, 48000000000",
        "openai/gpt-5.6-sol, fast, '', 1000, 1000, 48000000000",
        "openai/o3, priority, '', 1000, 1000, 17500000000",
        "openai/o4-mini-2025-04-16, priority, '', 1000, 1000, 10000000000",
        "openai/gpt-5.5, priority, '', 1000, 1000, 87500000000",
        "openai/gpt-5.4, flex, '', 272001, 0, 680002500000",
        "openai/gpt-4.1, batch, '', 1000, 1000, 5000000000",
        "openai/gpt-4o-mini, default, '', 1000, 1000, 750000000",
        "openai/text-embedding-3-small, standard, '', 1000, 0, 20000000",
        "openai/text-embedding-3-small, batch, '', 1000, 0, 10000000",
        "gemini/gemini-embedding-001, standard, '', 1000, 0, 150000000",
        "gemini/gemini-3.7-flash, priority, '', 1000, 1000, 8100000000",
        "gemini/gemini-3.7-flash, flex, '', 1000, 1000, 2250000000",
        "gemini/gemini-3-flash-preview, batch, '', 1000, 1000, 1750000000",
        "gemini/gemini-2.5-pro, flex, '', 200001, 0, 250001250000",
    })
    void pricesByTheTierAndTheRegionThatServedTheCall(
            String model, String tier, String region, long input, long output, long picoUsd) {
        assertThat(STANDARD.cost(ModelId.parse(model), tier, region, TokenUsage.of(input, output), NOW))
                .isEqualTo(Cost.priced(new Money(picoUsd)));
    }

    @ParameterizedTest
    @CsvSource({
        "claude/claude-sonnet-4-6, priority",
        "openai/gpt-5-nano, priority",
        "openai/gpt-4.1, flex",
        "openai/o3-mini, flex",
        "gemini/gemini-3.5-flash, priority",
    })
    void tierWithoutAListPriceIsUnpriced(String model, String tier) {
        assertThat(STANDARD.cost(ModelId.parse(model), tier, TokenUsage.of(1_000, 1_000), NOW))
                .isEqualTo(Cost.UNPRICED);
    }

    @ParameterizedTest
    @CsvSource({
        // bucket, count, pico-dollars of it beside 1,000 input tokens
        "gemini/gemini-2.5-flash, INPUT_AUDIO, 1000, 1000000000",
        "gemini/gemini-2.5-flash, INPUT_IMAGE, 1000, 300000000",
        "gemini/gemini-2.5-flash, CACHE_READ_AUDIO, 1000, 100000000",
        "gemini/gemini-2.5-flash, CACHE_READ, 1000, 30000000",
        "gemini/gemini-2.5-flash, WEB_SEARCH, 2, 70000000000",
        "gemini/gemini-3.5-flash, WEB_SEARCH, 2, 28000000000",
        "gemini/gemini-3.8-flash, INPUT_AUDIO, 1000, 750000000",
        "gemini/gemini-2.5-flash-image, OUTPUT_IMAGE, 1290, 38700000000",
        "openai/gpt-4o, INPUT_IMAGE, 85, 212500000",
        "openai/gpt-audio, INPUT_AUDIO, 1000, 32000000000",
        "openai/gpt-audio, OUTPUT_AUDIO, 1000, 64000000000",
        "claude/claude-sonnet-4-6, WEB_FETCH, 7, 0",
        "claude/claude-sonnet-4-6, WEB_SEARCH, 3, 30000000000",
        "perplexity/openai/gpt-5.2, WEB_SEARCH, 4, 10000000000",
        "perplexity/anthropic/claude-sonnet-4-6, WEB_FETCH, 2, 1000000000",
    })
    void pricesEveryKindAtItsOwnRate(String model, UsageBucket bucket, long count, long picoUsd) {
        ModelId id = ModelId.parse(model);
        Money input = STANDARD.cost(id, TokenUsage.of(1_000, 0), NOW).amount().orElseThrow();
        TokenUsage both = TokenUsage.builder()
                .add(UsageBucket.INPUT, 1_000)
                .add(bucket, count)
                .build();

        assertThat(STANDARD.cost(id, both, NOW)).isEqualTo(Cost.priced(input.plus(new Money(picoUsd))));
    }

    @ParameterizedTest
    @CsvSource({"openai/gpt-5-mini, INPUT_AUDIO", "openai/gpt-4o, OUTPUT_AUDIO", "gemini/gemini-4-argon, INPUT_AUDIO"})
    void kindThatNoSourceListsIsUnpriced(String model, UsageBucket bucket) {
        TokenUsage usage = TokenUsage.builder()
                .add(UsageBucket.INPUT, 1_000)
                .add(bucket, 1)
                .build();

        assertThat(STANDARD.cost(ModelId.parse(model), usage, NOW)).isEqualTo(Cost.UNPRICED);
    }

    @ParameterizedTest
    @CsvSource({
        "perplexity/openai/gpt-5.2, openai/gpt-5.2",
        "perplexity/anthropic/claude-sonnet-4-5-20250929, claude/claude-sonnet-4-5",
        "perplexity/google/gemini-3-flash-preview, gemini/gemini-3-flash-preview",
        "anythingllm/OpenAiLLM/gpt-4o, openai/gpt-4o",
        "anythingllm/AnthropicLLM/claude-3-5-sonnet-20241022, claude/claude-3-5-sonnet-20241022",
        "anythingllm/GeminiLLM/gemini-2.5-flash, gemini/gemini-2.5-flash",
        "gemini/models/gemini-2.5-flash, gemini/gemini-2.5-flash",
    })
    void modelsBehindAnotherProviderCostWhatTheirVendorCharges(String behind, String vendor) {
        for (TokenUsage usage : List.of(TokenUsage.of(1_000, 500), TokenUsage.of(300_000, 500))) {
            assertThat(STANDARD.cost(ModelId.parse(behind), usage, NOW))
                    .isEqualTo(STANDARD.cost(ModelId.parse(vendor), usage, NOW))
                    .isNotEqualTo(Cost.UNPRICED);
        }
    }

    /** Names without a price are a decision with a reason, never an oversight. */
    @Test
    void everyModelOfThePublicCataloguesIsPricedOrLeftOutOnPurpose() throws IOException {
        List<String> lines = publicModels();
        assertThat(lines).hasSizeGreaterThan(300);
        for (String line : lines) {
            boolean leftOut = line.startsWith("- ");
            String name = leftOut ? line.substring(2, line.lastIndexOf(": ")) : line;
            assertThat(STANDARD.find(ModelId.parse(name), Price.STANDARD, NOW, 0)
                            .isPresent())
                    .as(line)
                    .isEqualTo(!leftOut);
        }
    }

    private static List<String> publicModels() throws IOException {
        try (InputStream in = Objects.requireNonNull(PricesTest.class.getResourceAsStream("public-models.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    @Test
    void picksTierByWholePrompt() {
        ModelId haiku = ModelId.parse("claude/claude-haiku-5-5");

        assertThat(STANDARD.cost(haiku, cached(60_000, 40_000), NOW)).isEqualTo(Cost.priced(new Money(6_400_000_000L)));
        assertThat(STANDARD.cost(haiku, cached(60_000, 40_001), NOW))
                .isEqualTo(Cost.priced(new Money(32_000_050_000L)));
        assertThat(STANDARD.cost(ModelId.parse("openai/gpt-5.4"), cached(272_000, 1), NOW))
                .isEqualTo(Cost.priced(new Money(1_360_000_500_000L)));
        assertThat(STANDARD.cost(ModelId.parse("gemini/gemini-2.5-pro"), TokenUsage.of(200_000, 1), NOW))
                .isEqualTo(Cost.priced(new Money(250_010_000_000L)));
    }

    @Test
    void datesEachRateAlone() {
        ModelId sonnet = ModelId.parse("claude/claude-sonnet-5-5");
        TokenUsage reads =
                TokenUsage.builder().add(UsageBucket.CACHE_READ, 1_000_000).build();
        Instant before = Instant.parse("2026-10-06T23:59:59Z");
        Instant after = Instant.parse("2026-10-07T00:00:00Z");

        assertThat(STANDARD.cost(sonnet, reads, before)).isEqualTo(Cost.priced(new Money(200_000_000_000L)));
        assertThat(STANDARD.cost(sonnet, reads, after)).isEqualTo(Cost.priced(new Money(100_000_000_000L)));
        assertThat(STANDARD.cost(sonnet, TokenUsage.of(1_000, 1_000), before))
                .isEqualTo(STANDARD.cost(sonnet, TokenUsage.of(1_000, 1_000), after));
    }

    @Test
    void everyRowNamesItsSourceAndDay() {
        assertThat(STANDARD.version()).isEqualTo("2026-11-27");
        assertThat(STANDARD.prices()).hasSizeGreaterThan(100).allSatisfy(price -> {
            assertThat(price.source()).isNotBlank();
            assertThat(price.checked()).isBetween(LocalDate.of(2026, 11, 22), LocalDate.of(2026, 11, 27));
        });
    }

    @Test
    void customPricesHaveEveryBucket() throws IOException {
        PriceCatalogue custom = Prices.load(file("""
                version: contract-7
                prices:
                  - provider: claude
                    model: claude-sonnet-4-6
                    usdPerMillionTokens: {input: 2, output: 10, cacheRead: 0.2, cacheWrite5m: 2.5, cacheWrite1h: 4}
                    source: our contract
                    checked: 2026-11-01
                """));
        ModelId sonnet = ModelId.parse("claude/claude-sonnet-4-6");
        TokenUsage usage = TokenUsage.builder()
                .add(UsageBucket.INPUT, 1_000)
                .add(UsageBucket.CACHE_READ, 1_000)
                .add(UsageBucket.CACHE_WRITE_5M, 1_000)
                .add(UsageBucket.CACHE_WRITE_1H, 1_000)
                .add(UsageBucket.OUTPUT, 1_000)
                .build();

        assertThat(custom.version()).isEqualTo("2026-11-27+contract-7");
        assertThat(custom.cost(sonnet, usage, NOW)).isEqualTo(Cost.priced(new Money(18_700_000_000L)));
        assertThat(custom.cost(ModelId.parse("openai/gpt-4o"), TokenUsage.of(1, 0), NOW))
                .isEqualTo(STANDARD.cost(ModelId.parse("openai/gpt-4o"), TokenUsage.of(1, 0), NOW));
    }

    @Test
    void customPriceWithoutCacheRateLeavesCachedCallsUnpriced() {
        PriceCatalogue custom = Prices.parse(entry("usdPerMillionTokens: {input: 2, output: 10}"));

        assertThat(custom.cost(ModelId.parse("openai/gpt-4o"), cached(1, 1), NOW))
                .isEqualTo(Cost.UNPRICED);
    }

    @Test
    void baseNoneStandsAlone() {
        PriceCatalogue custom = Prices.parse("base: none\n" + entry("usdPerMillionTokens: {input: 2, output: 10}"));

        assertThat(custom.version()).isEqualTo("v");
        assertThat(custom.prices()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "usdPerMillionTokens: {input: -1}       | prices:5: prices[0].usdPerMillionTokens.input is -1, expected a number of zero or more",
                "usdPerMillionTokens: {input: free}     | prices:5: prices[0].usdPerMillionTokens.input is 'free', expected a number of zero or more",
                "usdPerMillionTokens: {inptu: 1}        | prices:5: prices[0].usdPerMillionTokens.inptu is not a known field, did you mean 'input'?",
                "usdPerMillionTokens: {input: 2000000}  | prices:5: prices[0].usdPerMillionTokens.input is 2000000, expected 0..1000000",
                "usdPerMillionTokens: {input: 0.0000000000001} | prices:5: prices[0].usdPerMillionTokens.input is 1E-13, expected at most 12 decimal places",
                "serviceTier: 'batch,'                   | prices:5: prices[0].serviceTier is 'batch,', expected names of different tiers, separated by commas",
                "serviceTier: 'flex, Flex'               | prices:5: prices[0].serviceTier is 'flex, Flex', expected names of different tiers, separated by commas",
                "usdPerThousand: {input: 1}             | prices:5: prices[0].usdPerThousand.input is not a known field, expected one of request, webFetch, webSearch",
                "colour: 1                              | prices:3: prices[0].usdPerMillionTokens is missing, expected rates by kind of token",
                "match: regex                           | prices:5: prices[0].match is 'regex', expected exact, dated, prefix or all",
                "match: all                             | prices:4: prices[0].model is given, expected none with match: all",
                "validTo: 1970-01-01                    | prices:5: prices[0].validTo is 1970-01-01T00:00:00Z, expected after 1970-01-01T00:00:00Z",
                "validFrom: tomorrow                    | prices:5: prices[0].validFrom is 'tomorrow', expected a day such as 2026-11-22 or an instant such as 2026-11-22T10:00:00Z",
            })
    void namesLineFieldValueAndExpectation(String line, String problem) {
        assertThat(problems(entry(line))).contains(problem);
    }

    @Test
    void overlapIsLoadError() {
        String yaml = """
                version: v
                base: none
                prices:
                  - {provider: openai, model: gpt-4o, validTo: 2026-01-02, usdPerMillionTokens: {input: 1}, source: a, checked: 2026-01-01}
                  - {provider: openai, model: gpt-4o, validFrom: 2026-01-01, usdPerMillionTokens: {input: 2}, source: a, checked: 2026-01-01}
                """;

        assertThat(problems(yaml))
                .containsExactly(
                        "prices:5: prices[1] prices openai/gpt-4o as line 4 does, expected one price at a time");
        assertThat(Prices.parse(yaml.replace("validTo: 2026-01-02", "validTo: 2026-01-01"))
                        .prices())
                .hasSize(2);
    }

    @Test
    void overlappingPeriodsOfOneRateAreLoadError() {
        assertThat(problems(entry("usdPerMillionTokens: {input: [{rate: 1, validTo: 2026-02-01}, {rate: 2}]}")))
                .containsExactly(
                        "prices:5: prices[0].usdPerMillionTokens.input[1].rate holds at the same time as one before"
                                + " it, expected one rate at a time");
    }

    @Test
    void tierMustListEveryRateOfItsEntry() {
        assertThat(problems(entry("""
                        usdPerMillionTokens: {input: 1, cacheRead: 0.1, output: 2}
                            tiers:
                              - {above: 1000, usdPerMillionTokens: {input: 2, output: 3}}
                              - {usdPerMillionTokens: {input: 2, output: 3, cacheRead: 1}}""")))
                .containsExactly(
                        "prices:7: prices[0].tiers[0].usdPerMillionTokens lacks cacheRead, expected every rate of the entry",
                        "prices:8: prices[0].tiers[1].above is missing, expected one of above and from with a number of"
                                + " prompt tokens");
    }

    @Test
    void tiersWithOneThresholdAreLoadError() {
        assertThat(problems(entry("""
                        usdPerMillionTokens: {input: 1}
                            tiers:
                              - {above: 1000, usdPerMillionTokens: {input: 2}}
                              - {above: 1000, usdPerMillionTokens: {input: 3}}
                              - {from: 1000, usdPerMillionTokens: {input: 4}}""")))
                .containsExactly(
                        "prices:8: prices[0].tiers[1].above is 1000 as of a tier before it, expected each threshold once",
                        "prices:9: prices[0].tiers[2].from is 1000 as of a tier before it, expected each threshold once");
    }

    @Test
    void tiersAreReadInTheWordsOfProviders() {
        PriceCatalogue prices = Prices.parse("""
                version: mine
                base: none
                prices:
                  - {provider: a, model: m, serviceTier: default, usdPerMillionTokens: {input: 1}, source: a, checked: 2026-01-01}
                  - {provider: a, model: m, serviceTier: Priority, usdPerMillionTokens: {input: 2}, source: a, checked: 2026-01-01}
                """);
        ModelId model = new ModelId("a", "m");
        Instant now = Instant.parse("2026-11-30T00:00:00Z");
        TokenUsage usage = TokenUsage.of(1_000, 0);

        assertThat(prices.cost(model, usage, now)).isEqualTo(Cost.priced(new Money(1_000_000_000L)));
        assertThat(prices.cost(model, "priority", usage, now)).isEqualTo(Cost.priced(new Money(2_000_000_000L)));
    }

    @Test
    void otherCurrenciesAreRefused() {
        assertThat(problems("currency: EUR\n" + entry("usdPerMillionTokens: {input: 1}")))
                .containsExactly("prices:1: currency is 'EUR', expected USD");
    }

    @Test
    void missingFileIsNamed() {
        assertThatThrownBy(() -> Prices.load(directory.resolve("mine.yaml")))
                .isInstanceOf(PriceException.class)
                .hasMessage(directory.resolve("mine.yaml") + " does not exist, expected a file");
    }

    @Test
    void costIsTheSumOfItsDisjointBuckets() {
        Random random = new Random(11);
        List<Price> rows = STANDARD.prices().stream()
                .filter(price -> price.match() == Price.Match.EXACT)
                .toList();
        for (int i = 0; i < 500; i++) {
            Price row = rows.get(random.nextInt(rows.size()));
            ModelId model = new ModelId(row.provider(), row.model());
            Instant at = row.validFrom().plusSeconds(1);
            TokenUsage.Builder whole = TokenUsage.builder();
            Money sum = Money.ZERO;
            for (UsageBucket bucket : row.rates().keySet()) {
                long count = random.nextInt(2_000);
                whole.add(bucket, count);
                // Stated, so that the fee of a request is due with its own bucket only.
                TokenUsage alone = TokenUsage.builder()
                        .add(UsageBucket.REQUEST, 0)
                        .add(bucket, count)
                        .build();
                sum = sum.plus(STANDARD.cost(model, row.serviceTier(), alone, at)
                        .amount()
                        .orElseThrow());
            }

            assertThat(STANDARD.cost(model, row.serviceTier(), whole.build(), at))
                    .as("%s, seed 11, round %d", model, i)
                    .isEqualTo(Cost.priced(sum));
        }
    }

    @Test
    void sumOfRowsIsTheSameShuffledAndPartitioned() {
        Random random = new Random(12);
        List<Money> rows = new ArrayList<>();
        BigInteger expected = BigInteger.ZERO;
        for (int i = 0; i < 10_000; i++) {
            Money cost = STANDARD.cost(
                            ModelId.parse("claude/claude-opus-5-5"),
                            TokenUsage.of(random.nextInt(1_000_000), random.nextInt(100_000)),
                            NOW)
                    .amount()
                    .orElseThrow();
            rows.add(cost);
            expected = expected.add(BigInteger.valueOf(cost.picoUsd()));
        }

        Collections.shuffle(rows, random);
        MoneyTotal partitioned = MoneyTotal.ZERO;
        for (int from = 0; from < rows.size(); ) {
            int to = Math.min(rows.size(), from + 1 + random.nextInt(500));
            partitioned = partitioned.plus(MoneyTotal.sum(rows.subList(from, to)));
            from = to;
        }

        assertThat(partitioned.picoUsd()).isEqualTo(expected);
    }

    private static TokenUsage cached(long input, long read) {
        return TokenUsage.builder()
                .add(UsageBucket.INPUT, input)
                .add(UsageBucket.CACHE_READ, read)
                .build();
    }

    private static TokenUsage one(UsageBucket bucket, long count) {
        return TokenUsage.builder().add(bucket, count).build();
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(directory.resolve("mine.yaml"), yaml);
    }

    private static String entry(String line) {
        return "version: v\nprices:\n  - provider: openai\n    model: gpt-4o\n    " + line
                + "\n    source: s\n    checked: 2026-11-01\n";
    }

    private static List<String> problems(String yaml) {
        PriceException failure = catchThrowableOfType(PriceException.class, () -> Prices.parse(yaml));
        assertThat(failure).isNotNull();
        // Columns have their test with the policy, which is read by the same classes.
        return failure.problems().stream()
                .map(problem -> problem.replaceFirst("^(prices:\\d+):\\d+:", "$1:"))
                .toList();
    }
}
