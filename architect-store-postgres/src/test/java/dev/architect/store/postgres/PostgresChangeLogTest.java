package dev.architect.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.change.ChangePage;
import dev.architect.change.ChangePosition;
import dev.architect.change.ChangeStore;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Numbers of changes while transactions overtake each other, and how long the log grows. */
@Timeout(120)
class PostgresChangeLogTest extends DatabaseTestCase {

    private PostgresStore store;
    private ChangeStore log;

    @BeforeEach
    void open() {
        store = opened(builder().schema("architect").open());
        log = store.changes().orElseThrow();
        // The names of the queue and the project are there then, for which another one would wait.
        submit();
    }

    private TaskId submit() {
        return store.tasks().submit(List.of(TaskRequest.prompt("p"))).get(0);
    }

    private static String key(TaskId id) {
        return Long.toString(id.value());
    }

    private List<String> keysAfter(ChangePosition position) {
        ChangePage page = log.after(position, 100);
        assertThat(page.isGap()).isFalse();
        return page.changes().stream().flatMap(change -> change.keys().stream()).toList();
    }

    @Test
    void aTransactionThatLastsLongDelaysItsOwnChangesAlone() throws Exception {
        Connection host = opened(database().connect());
        host.setAutoCommit(false);
        ChangePosition before = log.newest();
        TaskId slow = store.submit(host, List.of(TaskRequest.prompt("slow"))).get(0);

        TaskId quick = submit();

        assertThat(keysAfter(before)).containsExactly(key(quick));
        ChangePosition between = log.newest();
        assertThat(between.sequence()).isEqualTo(before.sequence() + 1);
        host.commit();
        assertThat(keysAfter(between)).containsExactly(key(slow));
        assertThat(log.newest().sequence()).isEqualTo(before.sequence() + 2);
    }

    @Test
    void whatIsRolledBackTakesNoNumber() throws Exception {
        Connection host = opened(database().connect());
        host.setAutoCommit(false);
        ChangePosition before = log.newest();
        store.submit(host, List.of(TaskRequest.prompt("never")));

        host.rollback();
        TaskId next = submit();

        assertThat(keysAfter(before)).containsExactly(key(next));
        assertThat(log.newest().sequence()).isEqualTo(before.sequence() + 1);
    }

    @Test
    void theOldestEntriesAreForgotten() throws Exception {
        submit();
        String era = log.newest().era();
        long last = ChangeStore.KEPT + 999L;
        // As if there had been many changes since.
        database()
                .execute("INSERT INTO architect.change_log (sequence, topic, keys) VALUES (" + last + ", 0, '[\"1\"]');"
                        + " UPDATE architect.change_era SET last = " + last);

        submit();

        assertThat(log.newest().sequence()).isEqualTo(last + 1);
        assertThat(log.after(new ChangePosition(era, 0), 10).isGap()).isTrue();
        assertThat(log.after(new ChangePosition(era, last), 10).changes()).hasSize(1);
    }
}
