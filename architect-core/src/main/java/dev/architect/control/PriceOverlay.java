package dev.architect.control;

import dev.architect.check.Check;
import dev.architect.cost.Price;
import dev.architect.cost.PriceCatalogue;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prices on top of a catalogue. For a model, match, service tier and region that they name, only they count while they are valid; before and afterwards the
 * prices of the catalogue do. So what calls of earlier times cost stays as it was.
 */
public final class PriceOverlay {

    private PriceOverlay() {}

    /**
     * Returns the catalogue with {@code own} prices on top.
     *
     * @param version names them; the version of the result has both names
     * @throws IllegalArgumentException when two of {@code own} claim the same call
     */
    public static PriceCatalogue over(PriceCatalogue catalogue, String version, List<Price> own) {
        Check.notNull("catalogue", catalogue);
        Check.notBlank("version", version);
        if (Check.noNulls("own", own).isEmpty()) {
            return catalogue;
        }
        List<Price> merged = new ArrayList<>();
        for (Price price : catalogue.prices()) {
            merged.addAll(rest(price, own));
        }
        merged.addAll(own);
        return new PriceCatalogue(catalogue.version() + "+" + version, merged);
    }

    /** What is left of the validity of a price, as prices of the same rates. */
    private static List<Price> rest(Price price, List<Price> own) {
        List<Price> left = List.of(price);
        for (Price over : own) {
            if (!claimsTheSame(over, price)) {
                continue;
            }
            List<Price> cut = new ArrayList<>();
            for (Price part : left) {
                cut(part, over, cut);
            }
            left = cut;
        }
        return left;
    }

    private static boolean claimsTheSame(Price one, Price other) {
        return one.provider().equals(other.provider())
                && one.model().equals(other.model())
                && one.match() == other.match()
                && one.serviceTier().equals(other.serviceTier())
                && one.region().equals(other.region());
    }

    private static void cut(Price part, Price over, List<Price> left) {
        Instant overTo = over.validTo();
        boolean endsBefore = part.validTo() != null && !part.validTo().isAfter(over.validFrom());
        boolean beginsAfter = overTo != null && !part.validFrom().isBefore(overTo);
        if (endsBefore || beginsAfter) {
            left.add(part);
            return;
        }
        if (part.validFrom().isBefore(over.validFrom())) {
            left.add(within(part, part.validFrom(), over.validFrom()));
        }
        if (overTo != null && (part.validTo() == null || overTo.isBefore(part.validTo()))) {
            left.add(within(part, overTo, part.validTo()));
        }
    }

    private static Price within(Price price, Instant from, @Nullable Instant toOrNull) {
        return new Price(
                price.provider(),
                price.model(),
                price.match(),
                price.tier(),
                price.serviceTier(),
                price.rates(),
                from,
                toOrNull,
                price.source(),
                price.checked(),
                price.region());
    }
}
