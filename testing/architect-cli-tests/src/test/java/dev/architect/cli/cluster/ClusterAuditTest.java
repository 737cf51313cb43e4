package dev.architect.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.Architect;
import dev.architect.cli.launch.NoModels;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import dev.architect.task.TaskHandle;
import dev.architect.task.TaskId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterAuditTest {

    @TempDir
    private Path folder;

    /** More than one page. */
    @Test
    void countsWhatIsNotDone() throws Exception {
        try (TaskJournal journal = TaskJournal.appendTo(folder.resolve("a"), TimeSource.system());
                Architect architect = Architect.builder()
                        .store(new InMemoryStore(TimeSource.system()))
                        .router((providers, time) -> new NoModels())
                        .worker(new JournalWorker(journal, TimeSource.system()))
                        .build()) {
            List<TaskId> accepted = new ArrayList<>();
            List<TaskHandle> handles = new ArrayList<>();
            for (int i = 0; i < 600; i++) {
                handles.add(architect.submit(JournalWorker.task(Duration.ZERO)));
            }
            for (TaskHandle handle : handles) {
                handle.await(Duration.ofSeconds(60));
                accepted.add(handle.id());
            }
            assertThat(ClusterAudit.of(architect, accepted)).isEqualTo(new ClusterAudit(0, 0));

            accepted.add(architect
                    .submit(JournalWorker.task(Duration.ZERO).withDelay(Duration.ofHours(1)))
                    .id());
            accepted.add(new TaskId(Long.MAX_VALUE & ~255L));

            assertThat(ClusterAudit.of(architect, accepted)).isEqualTo(new ClusterAudit(2, 0));
        }
    }
}
