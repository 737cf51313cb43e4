package dev.architect.spend;

import dev.architect.check.Check;
import dev.architect.cost.Cost;
import dev.architect.cost.LedgerEntry;
import dev.architect.cost.Metering;
import dev.architect.cost.Money;
import dev.architect.cost.SpendDimension;
import dev.architect.model.ModelId;
import java.time.Instant;
import java.util.Optional;

/**
 * What pricing needs of a recorded call, and the group of a report that it counts in: a third of a {@link LedgerEntry}, so that millions are read.
 * Immutable.
 *
 * @param group the value of the call in the dimension of the report
 * @param answered the model that answered, equal to the one that was called when none did
 * @param startedAt when the call started; prices are those of this instant
 * @param serviceTier the tier that served it
 * @param region where it was served; empty when the provider does not report it
 * @param metering what it used
 * @param cost what was booked
 * @param computed our own computation where the provider stated the cost; else empty
 */
public record MeteredCall(
        String group,
        ModelId answered,
        Instant startedAt,
        String serviceTier,
        String region,
        Metering metering,
        Cost cost,
        Optional<Money> computed) {

    /** Checks every field. */
    public MeteredCall {
        Check.notNull("group", group);
        Check.notNull("answered", answered);
        Check.notNull("startedAt", startedAt);
        Check.notNull("serviceTier", serviceTier);
        Check.notNull("region", region);
        Check.notNull("metering", metering);
        Check.notNull("cost", cost);
        Check.notNull("computed", computed);
    }

    /** Returns that part of {@code entry}, in the group that it has in {@code dimension}. */
    public static MeteredCall of(SpendDimension dimension, LedgerEntry entry) {
        Check.notNull("dimension", dimension);
        Check.notNull("entry", entry);
        return new MeteredCall(
                dimension.of(entry),
                entry.route().answered(),
                entry.timing().startedAt(),
                entry.route().serviceTier(),
                entry.route().region(),
                entry.metering(),
                entry.charge().cost(),
                entry.charge().computed());
    }
}
