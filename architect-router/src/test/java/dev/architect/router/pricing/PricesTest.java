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
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
        "claude/claude-opus-6",
        "gemini/gemini-2.5-flash-image",
        "anythingllm/OpenAiLLM/gpt-4o",
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
        assertThat(STANDARD.version()).isEqualTo("2026-11-22");
        assertThat(STANDARD.prices()).hasSizeGreaterThan(100).allSatisfy(price -> {
            assertThat(price.source()).isNotBlank();
            assertThat(price.checked()).isEqualTo(LocalDate.of(2026, 11, 22));
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

        assertThat(custom.version()).isEqualTo("2026-11-22+contract-7");
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
                sum = sum.plus(STANDARD.cost(model, row.serviceTier(), one(bucket, count), at)
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
        return failure.problems();
    }
}
