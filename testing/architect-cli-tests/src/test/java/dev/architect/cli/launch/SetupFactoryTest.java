package dev.architect.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.router.policy.RoutingPolicy;
import dev.architect.task.PoolLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many tasks run at once when the configuration does not say. */
final class SetupFactoryTest {

    @TempDir
    private Path folder;

    private RoutingPolicy policy(int concurrent) throws IOException {
        return RoutingPolicy.load(Files.writeString(
                folder.resolve("policy.yaml"),
                "baseline: a/m\nmodels:\n  - {model: a/m, quality: 60, contextTokens: 8192, maxConcurrent: "
                        + concurrent + "}\n"));
    }

    @Test
    void thePoolTakesTheCallsOfThePolicyAndAQuarterMore() throws IOException {
        int calls = RoutingPolicy.standard().models().stream()
                .mapToInt(SetupFactory::usualCalls)
                .sum();
        PoolLimits standard = SetupFactory.poolFor(RoutingPolicy.standard());

        assertThat(standard.maxSessions() * standard.slotsPerSession()).isBetween(calls * 5 / 4, calls * 3 / 2);
        assertThat(SetupFactory.poolFor(policy(400))).isEqualTo(new PoolLimits(2, 10, 50));
        assertThat(SetupFactory.poolFor(policy(1))).isEqualTo(new PoolLimits(2, 10, 8));
        assertThat(SetupFactory.poolFor(policy(10_000))).isEqualTo(PoolLimits.DEFAULT);
    }
}
