package dev.architect.route;

import dev.architect.check.Check;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.OptionalDouble;

/**
 * What one strategy of the routing policy saw of a candidate: the number by which it was put before or after the others.
 *
 * @param strategy the name of the strategy, as in a policy file
 * @param value the number; smaller comes first. Empty when it is not known, such as the latency of a model that was never called
 * @param unit its unit: {@code USD}, {@code ms}, {@code calls}, {@code percent}, {@code tokens}, {@code place} or {@code turn}
 */
public record StrategyValue(String strategy, OptionalDouble value, String unit) {

    private static final MathContext SHOWN_DIGITS = new MathContext(3);

    /** Checks every field. */
    public StrategyValue {
        Check.notBlank("strategy", strategy);
        Check.notNull("value", value);
        Check.notBlank("unit", unit);
        if (value.isPresent() && !Double.isFinite(value.getAsDouble())) {
            throw new IllegalArgumentException("value is " + value.getAsDouble() + ", expected a finite number");
        }
    }

    /** Renders the value in English, for example {@code latency 320 ms}. */
    public String description() {
        if (value.isEmpty()) {
            return strategy + " unknown";
        }
        String number = new BigDecimal(value.getAsDouble())
                .round(SHOWN_DIGITS)
                .stripTrailingZeros()
                .toPlainString();
        return strategy + " " + number + " " + unit;
    }
}
