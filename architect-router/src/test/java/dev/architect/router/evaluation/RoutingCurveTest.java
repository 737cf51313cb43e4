package dev.architect.router.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class RoutingCurveTest {

    private static final double[] SCORES = {.95, .90, .80, .75, .60, .55, .40, .35, .20, .10, .05};
    private static final double[] STRONG = {1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1};
    private static final double[] WEAK = {0, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1};

    @Test
    void followsTheProtocolOnElevenRows() {
        RoutingCurve curve = RoutingCurve.of(SCORES, STRONG, WEAK);

        assertThat(curve.strongQuality()).isEqualTo(9.0 / 11);
        assertThat(curve.weakQuality()).isEqualTo(6.0 / 11);
        assertThat(curve.recoveredGap()).isCloseTo(0.772727, within(1e-6));
        assertThat(curve.shareFor(0.2)).isCloseTo(0.0545, within(1e-4));
        assertThat(curve.shareFor(0.5)).isCloseTo(0.1364, within(1e-4));
        assertThat(curve.shareFor(0.8)).isCloseTo(0.4, within(1e-9));
    }

    @Test
    void theSameScoresDifferByNothing() {
        ResampledGap one = ResampledGap.of(List.of(SCORES), STRONG, WEAK);
        ResampledGap same = ResampledGap.of(List.of(SCORES, SCORES), STRONG, WEAK);

        assertThat(one.differenceTo(same).low()).isCloseTo(0, within(1e-12));
        assertThat(one.differenceTo(same).high()).isCloseTo(0, within(1e-12));
        assertThat(one.interval().low()).isLessThan(one.interval().high());
    }

    @Test
    void refusesColumnsOfDifferentLength() {
        assertThatThrownBy(() -> RoutingCurve.of(SCORES, STRONG, new double[2]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected equally many");
    }
}
