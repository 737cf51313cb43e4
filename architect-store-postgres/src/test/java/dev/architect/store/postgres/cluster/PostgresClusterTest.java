package dev.architect.store.postgres.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.postgres.PostgresServer;
import dev.architect.postgres.PostgresServer.Version;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The engine on three nodes keeps its promises on a real PostgreSQL whose network, server and nodes fail. */
final class PostgresClusterTest {

    @ParameterizedTest
    @EnumSource(names = "V18")
    @Timeout(180)
    void threeNodesKeepTheirPromisesForTenSeconds(Version version) throws Exception {
        run(version, Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    @Tag("slow")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void threeNodesKeepTheirPromisesForTenMinutes(Version version) throws Exception {
        run(version, Duration.ofMinutes(10));
    }

    private static void run(Version version, Duration faults) throws Exception {
        long seed = Long.getLong("cluster.seed", System.nanoTime());
        System.out.println("cluster on PostgreSQL " + version.number() + ", seed " + seed);
        try (PostgresServer server = PostgresServer.start(version, Map.of("max_connections", "200"));
                Cluster cluster = new Cluster(seed, server)) {
            List<String> violations = cluster.run(faults);
            System.out.println("cluster on PostgreSQL " + version.number() + ": " + cluster.summary());

            assertThat(violations).as("seed %d", seed).isEmpty();
        }
    }
}
