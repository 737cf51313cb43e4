package dev.architect.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.cost.Cost;
import dev.architect.cost.Money;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.cost.PromptTier;
import dev.architect.model.ModelId;
import dev.architect.usage.TokenUsage;
import dev.architect.usage.UsageBucket;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Prices on top of a catalogue count while they are valid, and change nothing before and afterwards. */
final class PriceOverlayTest {

    private static final ModelId MODEL = new ModelId("claude", "opus");
    private static final TokenUsage MILLION = TokenUsage.of(1_000_000, 0);

    private static Instant day(int number) {
        return Instant.parse("2026-01-01T00:00:00Z").plusSeconds(86_400L * number);
    }

    private static Price.Builder price(String usd, @Nullable Integer from, @Nullable Integer to) {
        return Price.builder(MODEL, "a test", LocalDate.EPOCH)
                .usdPerMillionTokens(UsageBucket.INPUT, usd)
                .valid(from == null ? Instant.EPOCH : day(from), to == null ? null : day(to));
    }

    private static PriceCatalogue catalogue(Price... prices) {
        return new PriceCatalogue("base", List.of(prices));
    }

    private static String usd(PriceCatalogue catalogue, int day) {
        Cost cost = catalogue.cost(MODEL, MILLION, day(day));
        return cost.amount()
                .map(Money::usd)
                .map(usd -> usd.stripTrailingZeros().toPlainString())
                .orElse("none");
    }

    @Test
    void countsWhileItIsValidAndLeavesTheRestAsItWas() {
        PriceCatalogue base = catalogue(price("5", null, null).build());

        PriceCatalogue merged =
                PriceOverlay.over(base, "own-3", List.of(price("4", 10, 20).build()));

        assertThat(merged.version()).isEqualTo("base+own-3");
        assertThat(usd(merged, 9)).isEqualTo("5");
        assertThat(usd(merged, 10)).isEqualTo("4");
        assertThat(usd(merged, 19)).isEqualTo("4");
        assertThat(usd(merged, 20)).isEqualTo("5");
    }

    @Test
    void takesThePlaceOfPricesOfEveryPromptTierAndOfNoOtherModelOrTier() {
        Price large = price("9", null, null)
                .tier(new PromptTier(200_000, PromptTier.Bound.ABOVE))
                .build();
        Price batch = price("2", null, null).serviceTier("batch").build();
        PriceCatalogue base = catalogue(price("5", null, null).build(), large, batch);

        PriceCatalogue merged =
                PriceOverlay.over(base, "own", List.of(price("4", 10, null).build()));

        assertThat(usd(merged, 5)).isEqualTo("9");
        assertThat(usd(merged, 15)).isEqualTo("4");
        assertThat(merged.cost(MODEL, "batch", MILLION, day(15)).amount()).contains(Money.ofUsd("2"));
    }

    @Test
    void addsAPriceThatTheCatalogueLacks() {
        PriceCatalogue merged = PriceOverlay.over(
                catalogue(), "own", List.of(price("4", 10, null).build()));

        assertThat(usd(merged, 9)).isEqualTo("none");
        assertThat(usd(merged, 11)).isEqualTo("4");
    }

    @Test
    void nothingOnTopIsTheCatalogueItself() {
        PriceCatalogue base = catalogue(price("5", null, null).build());

        assertThat(PriceOverlay.over(base, "own", List.of())).isSameAs(base);
    }

    @Test
    void refusesTwoThatClaimTheSameCall() {
        PriceCatalogue base = catalogue();
        List<Price> own =
                List.of(price("4", 10, 20).build(), price("3", 19, null).build());

        assertThatThrownBy(() -> PriceOverlay.over(base, "own", own))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("overlap");
    }

    /** Against the plain reading of the rule: on each day the price on top, else that of the catalogue. */
    @Test
    void agreesWithTheRuleOnEveryDay() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<int[]> base = spans(random, 100);
            List<int[]> own = spans(random, 1_000);
            PriceCatalogue merged = PriceOverlay.over(new PriceCatalogue("base", prices(base)), "own", prices(own));

            for (int day = 0; day < 40; day++) {
                String expected = usdOf(own, day, usdOf(base, day, "none"));
                assertThat(usd(merged, day)).as("seed %d, day %d", seed, day).isEqualTo(expected);
            }
        }
    }

    /** Some spans of days without overlaps: begin, end, dollars. */
    private static List<int[]> spans(Random random, int usd) {
        List<int[]> spans = new ArrayList<>();
        int at = random.nextInt(5);
        while (at < 40) {
            int end = at + 1 + random.nextInt(12);
            spans.add(new int[] {at, end, usd + spans.size()});
            at = end + random.nextInt(6);
        }
        return spans;
    }

    private static List<Price> prices(List<int[]> spans) {
        return spans.stream()
                .map(span -> price(Integer.toString(span[2]), span[0], span[1]).build())
                .toList();
    }

    private static String usdOf(List<int[]> spans, int day, String absent) {
        return spans.stream()
                .filter(span -> span[0] <= day && day < span[1])
                .map(span -> Integer.toString(span[2]))
                .findFirst()
                .orElse(absent);
    }
}
