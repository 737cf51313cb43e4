package dev.architect.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.task.TaskRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresStoreSmokeTest extends PostgresTestCase {
    @Test
    void opens() {
        long t = System.nanoTime();
        try (PostgresStore store = builder().open()) {
            System.err.println("open " + (System.nanoTime() - t) / 1000000);
            assertThat(store.tasks().submit(List.of(TaskRequest.prompt("x")))).hasSize(1);
            long n = store.nodes().join("a");
            assertThat(store.nodes().beat(n)).isPresent();
        t = System.nanoTime();
        }
            System.err.println("close " + (System.nanoTime() - t) / 1000000);
    }
}
