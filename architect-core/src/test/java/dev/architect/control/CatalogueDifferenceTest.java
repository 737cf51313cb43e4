package dev.architect.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import dev.architect.model.ModelId;
import dev.architect.usage.UsageBucket;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What differs between two catalogues. */
final class CatalogueDifferenceTest {

    private static final Instant MARCH = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant APRIL = Instant.parse("2026-04-01T00:00:00Z");

    private static Price price(String model, String usd, Instant from, @Nullable Instant to, LocalDate checked) {
        return Price.builder(new ModelId("claude", model), "a test", checked)
                .usdPerMillionTokens(UsageBucket.INPUT, usd)
                .valid(from, to)
                .build();
    }

    private static Price price(String model, String usd) {
        return price(model, usd, Instant.EPOCH, null, LocalDate.EPOCH);
    }

    @Test
    void namesWhatIsAddedRemovedAndChanged() {
        PriceCatalogue before = new PriceCatalogue("a", List.of(price("x", "1"), price("y", "1"), price("z", "1")));
        PriceCatalogue after = new PriceCatalogue("b", List.of(price("w", "1"), price("z", "2"), price("y", "1")));

        CatalogueDifference difference = CatalogueDifference.between(before, after);

        assertThat(difference.added()).containsExactly(price("w", "1"));
        assertThat(difference.removed()).containsExactly(price("x", "1"));
        assertThat(difference.changed())
                .containsExactly(new CatalogueDifference.Change(price("z", "1"), price("z", "2")));
    }

    @Test
    void anotherEndIsAChangeAndAnotherBeginAnotherPrice() {
        Price open = price("x", "1", MARCH, null, LocalDate.EPOCH);
        Price ended = price("x", "1", MARCH, APRIL, LocalDate.EPOCH);
        Price later = price("x", "1", APRIL, null, LocalDate.EPOCH);

        CatalogueDifference difference = CatalogueDifference.between(
                new PriceCatalogue("a", List.of(open)), new PriceCatalogue("b", List.of(ended, later)));

        assertThat(difference.changed()).containsExactly(new CatalogueDifference.Change(open, ended));
        assertThat(difference.added()).containsExactly(later);
        assertThat(difference.removed()).isEmpty();
    }

    @Test
    void whereAndWhenAPriceWasReadIsNoDifference() {
        PriceCatalogue before = new PriceCatalogue("a", List.of(price("x", "1")));
        PriceCatalogue after =
                new PriceCatalogue("b", List.of(price("x", "1", Instant.EPOCH, null, LocalDate.of(2026, 11, 1))));

        assertThat(CatalogueDifference.between(before, after))
                .isEqualTo(new CatalogueDifference(List.of(), List.of(), List.of()));
    }

    @Test
    void aPriceIsValidFromItsBeginUntilBeforeItsEnd() {
        Price march = price("x", "1", MARCH, APRIL, LocalDate.EPOCH);

        assertThat(march.isValidAt(MARCH.minusNanos(1))).isFalse();
        assertThat(march.isValidAt(MARCH)).isTrue();
        assertThat(march.isValidAt(APRIL.minusNanos(1))).isTrue();
        assertThat(march.isValidAt(APRIL)).isFalse();
        assertThat(price("x", "1").isValidAt(Instant.MAX)).isTrue();
    }
}
