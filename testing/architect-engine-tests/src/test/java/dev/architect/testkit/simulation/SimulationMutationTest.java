package dev.architect.testkit.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** That the simulation finds the lack of each safeguard: one that it does not find would be a simulation that is too weak. */
final class SimulationMutationTest {

    /** So many seeds may be needed. */
    private static final int SEEDS = 200;

    @TestFactory
    Stream<DynamicTest> findsEveryMutant() {
        return Arrays.stream(Mutant.values())
                .map(mutant -> DynamicTest.dynamicTest(mutant.toString(), () -> {
                    SimWorld.Outcome outcome = SimulationTest.firstFailure(mutant, SEEDS);

                    // Anything else would be a defect of the simulation.
                    assertThat(outcome.failure())
                            .as("%s within %s seeds", mutant, SEEDS)
                            .isInstanceOf(AssertionError.class);
                }));
    }
}
