package dev.architect.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.Architect;
import dev.architect.cluster.Cluster;
import dev.architect.cluster.NodeNameTakenException;
import dev.architect.node.NodeRecord;
import dev.architect.postgres.PostgresDatabase;
import dev.architect.postgres.PostgresServer;
import dev.architect.spi.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that configuration files describe, on one PostgreSQL. */
final class ConfiguredClusterTest {

    private final PostgresDatabase database =
            PostgresServer.shared(PostgresServer.Version.V18).createDatabase();

    @TempDir
    private Path folder;

    @AfterEach
    void drop() {
        database.close();
    }

    private ArchitectSetup node(String name, String cluster) throws IOException {
        Path file = Files.writeString(
                folder.resolve(name + ".yaml"), """
                nodeName: %s
                providers: {}
                store: {url: "%s", user: %s}
                %s""".formatted(name, database.jdbcUrl(), database.user(), cluster));
        return ArchitectSetup.builder(RuntimeConfiguration.load(file))
                .secrets(secret ->
                        Optional.of(database.password()).filter(x -> secret.equals("ARCHITECT_STORE_PASSWORD")))
                .build();
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "store", "jgroups"})
    void nodesFindEachOther(String transport) throws IOException {
        ArchitectSetup first = node("a", "cluster: {transport: " + transport + "}\n");
        Store store = first.openStore();
        Cluster cluster = first.joinCluster(store).orElseThrow();
        try (Architect one = first.wire(cluster).build();
                Architect other =
                        node("b", "cluster: {transport: " + transport + "}\n").open()) {
            await(
                    "both live",
                    () -> one.nodes().list().stream()
                                    .filter(node -> node.state().isAlive())
                                    .count()
                            == 2);
            if (!transport.equals("none")) {
                await(
                        "a hears of b",
                        () -> cluster.view().living().stream()
                                .anyMatch(node -> node.name().equals("b")
                                        && node.sees()
                                                .filter(names -> names.contains("a"))
                                                .isPresent()));
            }
            assertThat(one.nodes().list())
                    .extracting(NodeRecord::info)
                    .allSatisfy(info -> assertThat(info.member().isEmpty()).isEqualTo(transport.equals("none")));
            assertThat(other.nodes().list()).hasSize(2);
            assertThat(cluster.availability().isHighlyAvailable()).isFalse();
        }
    }

    @Test
    void aNameThatANodeHasIsRefusedAndNothingStaysOpen() throws IOException {
        try (Architect one = node("a", "cluster: {transport: store}\n").open()) {
            ArchitectSetup twin = node("a", "cluster: {transport: store}\n");

            assertThatThrownBy(twin::open).isInstanceOf(NodeNameTakenException.class);

            assertThat(one.nodes().list())
                    .filteredOn(node -> node.state().isAlive())
                    .hasSize(1);
            await(
                    "connections of the twin end",
                    () -> database.count(
                                    "select count(*) from pg_stat_activity where datname = '" + database.name() + "'")
                            <= 12);
        }
    }

    @Test
    void withoutTheSectionThereIsNoCluster() throws IOException {
        ArchitectSetup setup = node("a", "");
        try (Store store = setup.openStore()) {
            assertThat(setup.joinCluster(store)).isEmpty();
        }
    }
}
