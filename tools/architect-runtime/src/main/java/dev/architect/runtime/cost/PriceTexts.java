package dev.architect.runtime.cost;

import dev.architect.cost.PriceCatalogue;
import dev.architect.router.pricing.Prices;
import java.util.Objects;

/** Price catalogues for programs that have no router of their own. */
public final class PriceTexts {

    private PriceTexts() {}

    /** Returns the prices that come with Architect. */
    public static PriceCatalogue standard() {
        return Prices.standard();
    }

    /**
     * Returns the standard prices with those of a price file's text on top; one with {@code base: none} stands alone.
     *
     * @throws dev.architect.error.InvalidFileException with everything that is wrong with the text, which it calls {@code prices}
     */
    public static PriceCatalogue parse(String yaml) {
        return Prices.parse(Objects.requireNonNull(yaml, "yaml"));
    }
}
