package dev.architect.control;

import dev.architect.check.Check;
import dev.architect.cost.PriceCatalogue;
import java.time.Instant;
import java.util.Optional;

/**
 * The prices of a router.
 *
 * @param catalogue what calls are priced by now
 * @param ownVersion the version of the catalogue without the prices that were put on top
 * @param source how the source of newer ones fares; empty when there is none
 */
public record PriceStatus(PriceCatalogue catalogue, String ownVersion, Optional<Source> source) {

    /**
     * A source of prices.
     *
     * @param askedAt when it was asked last; empty before the first time
     * @param answeredAt when it answered last; empty before the first time
     * @param hasFailed whether it failed when it was asked last
     */
    public record Source(Optional<Instant> askedAt, Optional<Instant> answeredAt, boolean hasFailed) {

        /** Checks both times. */
        public Source {
            Check.notNull("askedAt", askedAt);
            Check.notNull("answeredAt", answeredAt);
        }
    }

    /** Checks every field. */
    public PriceStatus {
        Check.notNull("catalogue", catalogue);
        Check.notNull("ownVersion", ownVersion);
        Check.notNull("source", source);
    }
}
