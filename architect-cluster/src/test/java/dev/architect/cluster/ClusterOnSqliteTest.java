package dev.architect.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.architect.cluster.Availability.Cause;
import dev.architect.node.NodeInfo;
import dev.architect.node.NodeLoad;
import dev.architect.spi.TimeSource;
import dev.architect.store.sqlite.SqliteStore;
import dev.architect.thread.ThreadRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two handles on one file, by the system's clock. */
final class ClusterOnSqliteTest {

    @TempDir
    private Path folder;

    private Cluster open(DirectTransport.Net net) {
        return Cluster.builder(SqliteStore.at(folder.resolve("shared.db")))
                .transport(new DirectTransport(net, ""))
                .nodeName("a")
                .build();
    }

    @Test
    void aNameIsRefusedWhileItsNodeBeatsAndFreeWhenItHasLeft() {
        DirectTransport.Net net = new DirectTransport.Net();
        AtomicBoolean beats = new AtomicBoolean(true);
        try (ThreadRunner threads = new ThreadRunner("beats");
                Cluster first = open(net);
                Cluster second = open(net)) {
            long incarnation = first.store().nodes().join(NodeInfo.named("a"));
            threads.start("beat", () -> {
                try {
                    while (beats.get()) {
                        first.store().nodes().beat(incarnation, NodeLoad.NONE);
                        TimeSource.system().sleep(Duration.ofMillis(500));
                    }
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                }
            });

            assertThatThrownBy(() -> second.store().nodes().join(NodeInfo.named("a")))
                    .isInstanceOf(NodeNameTakenException.class)
                    .hasMessage("node name is 'a', expected one that no other node has: incarnation " + incarnation
                            + " keeps beating under it");
            assertThat(first.availability().has(Cause.STORE_NOT_SHARED)).isTrue();
            assertThat(first.availability().toString()).contains("the store (SQLite) is on one machine");

            beats.set(false);
            first.store().nodes().leave(incarnation);
            assertThat(second.store().nodes().join(NodeInfo.named("a"))).isNotEqualTo(incarnation);
        }
    }
}
