package dev.architect.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.architect.error.StoreException;
import dev.architect.error.StoreException.Kind;
import dev.architect.spi.Store;
import dev.architect.task.TaskId;
import dev.architect.task.TaskQuery;
import dev.architect.task.TaskRequest;
import dev.architect.task.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens when there is no space left: a clear error before the acknowledgement, and nothing accepted is lost. */
class SqliteFullTest {

    private static final int PAYLOAD = 20_000;

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("architect.db");
    }

    private static void assertFull(Store store, int tasks) {
        List<TaskRequest> requests = IntStream.range(0, tasks)
                .mapToObj(i -> TaskRequest.prompt("x".repeat(PAYLOAD)))
                .toList();
        assertThatThrownBy(() -> store.tasks().submit(requests))
                .isInstanceOfSatisfying(StoreException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Kind.FULL);
                    assertThat(failure.isTransient()).isTrue();
                    assertThat(failure).hasMessageContaining("architect.db has no space left");
                });
    }

    /** Submits one task after the other until there is no space, and returns what was acknowledged. */
    private static List<TaskId> fill(Store store) {
        List<TaskId> accepted = new ArrayList<>();
        while (accepted.size() < 10_000) {
            try {
                accepted.addAll(store.tasks().submit(List.of(TaskRequest.prompt("x".repeat(PAYLOAD)))));
            } catch (StoreException failure) {
                assertThat(failure.kind()).isEqualTo(Kind.FULL);
                return accepted;
            }
        }
        throw new AssertionError("the store took 10,000 tasks, expected it to be full before");
    }

    private static void assertHolds(Store store, List<TaskId> accepted) {
        assertThat(store.tasks().counts().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(accepted.size());
        assertThat(accepted).allMatch(id -> store.tasks().find(id).isPresent());
    }

    @Test
    void keepsAllOrNothingOfASubmission() {
        try (SqliteStore store = SqliteStore.builder(file()).maxBytes(1 << 20).open()) {
            assertFull(store, 100);

            assertThat(store.tasks().counts()).isEmpty();
            List<TaskId> accepted = store.tasks().submit(List.of(TaskRequest.prompt("small")));
            assertHolds(store, accepted);
        }
    }

    @Test
    void readsAndEndsGoOnBeyondTheLimit() {
        List<TaskId> accepted;
        try (SqliteStore store = SqliteStore.builder(file()).maxBytes(1 << 20).open()) {
            accepted = fill(store);
            assertFull(store, 1);

            assertThat(accepted).isNotEmpty();
            assertHolds(store, accepted);
        }
        try (SqliteStore store = SqliteStore.at(file())) {
            assertHolds(store, accepted);
            assertThat(store.tasks().submit(List.of(TaskRequest.prompt("space again"))))
                    .doesNotContainAnyElementsOf(accepted);
        }
    }

    @Test
    void outlivesAFullDiskAndGoesOnWhenThereIsSpaceAgain() throws Exception {
        Path disk = mountSmallDisk();
        try {
            Path filler = Files.write(disk.resolve("filler"), new byte[600 * 1024]);
            Path onDisk = disk.resolve("architect.db");
            List<TaskId> accepted;
            try (SqliteStore store = SqliteStore.at(onDisk)) {
                accepted = fill(store);
                assertFull(store, 1);
                assertThat(accepted).isNotEmpty();
                assertHolds(store, accepted);

                Files.delete(filler);

                accepted.addAll(store.tasks().submit(List.of(TaskRequest.prompt("space again"))));
                assertHolds(store, accepted);
            }
            try (SqliteStore store = SqliteStore.at(onDisk)) {
                assertHolds(store, accepted);
                assertThat(store.tasks().list(TaskQuery.newest(500))).allMatch(task -> task.state() == TaskState.READY);
            }
        } finally {
            run("umount", disk.toString());
        }
    }

    @Test
    void refusesToBeCreatedOnAFullDisk() throws Exception {
        Path disk = mountSmallDisk();
        try {
            assertThatThrownBy(() -> Files.write(disk.resolve("filler"), new byte[8 << 20]))
                    .isInstanceOf(IOException.class);

            assertThatThrownBy(() -> SqliteStore.at(disk.resolve("architect.db")))
                    .isInstanceOfSatisfying(
                            StoreException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(Kind.FULL));

            Files.delete(disk.resolve("filler"));
            try (SqliteStore store = SqliteStore.at(disk.resolve("architect.db"))) {
                assertThat(store.tasks().counts()).isEmpty();
            }
        } finally {
            run("umount", disk.toString());
        }
    }

    private Path mountSmallDisk() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString()) == 0,
                "a small disk cannot be mounted here");
        return disk;
    }

    private static int run(String... command) throws Exception {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException missing) {
            return -1;
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
