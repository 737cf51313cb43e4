package dev.architect.provider.http.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class HttpLimitsTest {

    private static final HttpLimits DEFAULTS = HttpLimits.defaults();

    private static final List<One<?>> ALL = List.of(
            time("connectTimeout", HttpLimits::withConnectTimeout, HttpLimits::connectTimeout),
            time("idleTimeout", HttpLimits::withIdleTimeout, HttpLimits::idleTimeout),
            time("probeTimeout", HttpLimits::withProbeTimeout, HttpLimits::probeTimeout),
            size("maxAnswerBytes", HttpLimits::withMaxAnswerBytes, HttpLimits::maxAnswerBytes),
            size("maxEventBytes", HttpLimits::withMaxEventBytes, HttpLimits::maxEventBytes),
            size("maxErrorBytes", HttpLimits::withMaxErrorBytes, HttpLimits::maxErrorBytes),
            size("maxHeaders", HttpLimits::withMaxHeaders, HttpLimits::maxHeaders),
            size("maxHeaderBytes", HttpLimits::withMaxHeaderBytes, HttpLimits::maxHeaderBytes),
            size("maxJsonDepth", HttpLimits::withMaxJsonDepth, HttpLimits::maxJsonDepth),
            size("maxJsonTokens", HttpLimits::withMaxJsonTokens, HttpLimits::maxJsonTokens),
            size("maxNumberLength", HttpLimits::withMaxNumberLength, HttpLimits::maxNumberLength),
            size("maxNameLength", HttpLimits::withMaxNameLength, HttpLimits::maxNameLength),
            size("maxStringLength", HttpLimits::withMaxStringLength, HttpLimits::maxStringLength),
            size("idleConnections", HttpLimits::withIdleConnections, HttpLimits::idleConnections));

    @TestFactory
    Stream<DynamicTest> eachLimitChangesAlone() {
        return ALL.stream().map(limit -> DynamicTest.dynamicTest(limit.field, limit::changesAlone));
    }

    @TestFactory
    Stream<DynamicTest> eachLimitMustBeMoreThanZero() {
        return ALL.stream().map(limit -> DynamicTest.dynamicTest(limit.field, limit::refusesZero));
    }

    @Test
    void timesMustBeCountable() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DEFAULTS.withIdleTimeout(Duration.ofDays(25)))
                .withMessage("idleTimeout is PT600H, expected at most PT576H");
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULTS.withIdleTimeout(Duration.ofSeconds(-1)));
    }

    @Test
    void showsEveryLimit() {
        ALL.forEach(limit -> assertThat(DEFAULTS.toString()).contains(limit.field + "="));
        assertThat(DEFAULTS.toString()).contains("connectTimeout=PT10S", "maxErrorBytes=65536");
    }

    private static One<Duration> time(
            String field, BiFunction<HttpLimits, Duration, HttpLimits> with, Function<HttpLimits, Duration> read) {
        return new One<>(field, with, read, Duration.ofMillis(7), Duration.ZERO, "PT0S, expected more than zero");
    }

    private static One<Integer> size(
            String field, BiFunction<HttpLimits, Integer, HttpLimits> with, Function<HttpLimits, Integer> read) {
        return new One<>(field, with, read, 7, 0, "0, expected 1 or more");
    }

    private record One<V>(
            String field,
            BiFunction<HttpLimits, V, HttpLimits> with,
            Function<HttpLimits, V> read,
            V value,
            V zero,
            String complaint) {

        void changesAlone() {
            HttpLimits changed = with.apply(DEFAULTS, value);

            assertThat(read.apply(changed)).isEqualTo(value);
            assertThat(changed).isNotEqualTo(DEFAULTS);
            assertThat(with.apply(changed, read.apply(DEFAULTS)))
                    .isEqualTo(DEFAULTS)
                    .hasSameHashCodeAs(DEFAULTS);
        }

        void refusesZero() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> with.apply(DEFAULTS, zero))
                    .withMessage(field + " is " + complaint);
        }
    }
}
