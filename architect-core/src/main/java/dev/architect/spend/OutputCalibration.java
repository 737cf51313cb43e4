package dev.architect.spend;

import dev.architect.check.Check;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * How often answers were as long as was forecast from the calls before them.
 *
 * @param group the model that was called, as {@code provider/model}; empty for all of them
 * @param calls answered calls whose usage the provider has reported
 * @param cold those of which there were too few calls before to forecast anything
 * @param withinP50 those whose answer did not exceed the forecast of half of the answers
 * @param withinP90 those whose answer did not exceed the forecast of nine of ten
 */
public record OutputCalibration(String group, long calls, long cold, long withinP50, long withinP90) {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    /** Checks every field. */
    public OutputCalibration {
        Check.notNull("group", group);
        Check.notNegative("calls", calls);
        Check.notNegative("cold", cold);
        Check.notNegative("withinP50", withinP50);
        Check.notNegative("withinP90", withinP90);
    }

    /** Returns these numbers and those of {@code other} together. */
    public OutputCalibration plus(OutputCalibration other) {
        Check.notNull("other", other);
        return new OutputCalibration(
                group,
                calls + other.calls,
                cold + other.cold,
                withinP50 + other.withinP50,
                withinP90 + other.withinP90);
    }

    /** How many percent of the forecast calls did not exceed the half, with one decimal place; empty when nothing was forecast. About 50 is right. */
    public Optional<BigDecimal> percentWithinP50() {
        return percent(withinP50);
    }

    /** How many percent of the forecast calls did not exceed the nine of ten; about 90 is right. */
    public Optional<BigDecimal> percentWithinP90() {
        return percent(withinP90);
    }

    private Optional<BigDecimal> percent(long part) {
        long forecast = calls - cold;
        return forecast == 0
                ? Optional.empty()
                : Optional.of(BigDecimal.valueOf(part)
                        .multiply(HUNDRED)
                        .divide(BigDecimal.valueOf(forecast), 1, RoundingMode.HALF_EVEN));
    }
}
