package dev.architect.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.postgres.FaultProxy;
import dev.architect.spi.Store.Change;
import dev.architect.spi.Store.ChangeKind;
import dev.architect.task.TaskRequest;
import java.sql.Connection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Notifications between stores, and connections for them that die. */
@Timeout(120)
class PostgresChangesTest extends DatabaseTestCase {

    private final BlockingQueue<Change> heard = new LinkedBlockingQueue<>();

    private void awaitReady() throws InterruptedException {
        Change change;
        do {
            change = heard.poll(60, TimeUnit.SECONDS);
            assertThat(change).isNotNull();
        } while (!change.kinds().contains(ChangeKind.TASK_READY));
    }

    private static void submit(PostgresStore store) {
        store.tasks().submit(List.of(TaskRequest.prompt("p")));
    }

    @Test
    void tellsWhatHasHappened() throws Exception {
        PostgresStore store = opened(builder().open());
        PostgresStore other = opened(builder().open());
        other.subscribe(heard::add);

        submit(store);

        assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(Change.of(ChangeKind.TASK_READY));
    }

    @Test
    void storesInOtherSchemasHearNothing() throws Exception {
        PostgresStore store = opened(builder().open());
        PostgresStore other = opened(builder().schema("other").open());
        PostgresStore same = opened(builder().open());
        other.subscribe(change -> heard.add(Change.ANY));
        same.subscribe(heard::add);

        submit(store);

        assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(Change.of(ChangeKind.TASK_READY));
        assertThat(heard).isEmpty();
    }

    @Test
    void manyChangesAreToldWithFewNotifications() throws Exception {
        PostgresStore store = opened(builder().open());
        try (Connection listening = database().connect();
                var statement = listening.createStatement()) {
            statement.execute("LISTEN " + '"' + PostgresChanges.channel("public") + '"');
            long begun = System.nanoTime();
            for (int i = 0; i < 300; i++) {
                submit(store);
            }
            long fiveMillis = (System.nanoTime() - begun) / 5_000_000;
            store.close();
            PGNotification[] notifications =
                    listening.unwrap(PGConnection.class).getNotifications(5_000);

            assertThat(notifications).isNotEmpty().hasSizeLessThanOrEqualTo((int) Math.min(250, fiveMillis + 3));
            assertThat(notifications[0].getParameter()).endsWith("R").hasSizeLessThan(30);
        }
    }

    @Test
    void listensAgainAfterItsConnectionWasEnded() throws Exception {
        PostgresStore store = opened(builder().open());
        PostgresStore other = opened(builder().open());
        other.subscribe(heard::add);

        server().terminateBackends(database().name());

        // What happened while nobody listened is unknown.
        assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(Change.ANY);
        submit(store);
        awaitReady();
    }

    @Test
    void noticesAConnectionThatIsSilent() throws Exception {
        try (FaultProxy proxy = FaultProxy.to(server())) {
            PostgresStore store = opened(builder().open());
            PostgresStore other =
                    opened(builder().listenUrl(proxy.jdbcUrl(database())).open());
            other.subscribe(heard::add);
            proxy.stall();
            submit(store);
            // A new connection is stalled as well, so nothing is heard until it goes on; then it is not the old one.
            Thread waiting = new Thread(proxy::resume);
            try {
                assertThat(heard.poll(12, TimeUnit.SECONDS)).isNull();
            } finally {
                waiting.start();
            }

            awaitReady();
        }
    }

    @Test
    void theStoreGoesOnWhenNothingCanBeTold() {
        PostgresStore store = opened(builder().open());
        // Without the function that sends, nothing can be sent.
        database().execute("REVOKE EXECUTE ON FUNCTION pg_notify(text, text) FROM PUBLIC");
        database()
                .execute("CREATE ROLE " + database().name()
                        + "_mute LOGIN PASSWORD 'p' IN ROLE pg_read_all_data, pg_write_all_data");
        try (PostgresStore mute = PostgresStore.builder(database().jdbcUrl())
                .user(database().user())
                .password(database().password())
                .open()) {
            submit(store);
            assertThat(mute.tasks().counts()).hasSize(1);
        } finally {
            database().execute("DROP ROLE " + database().name() + "_mute");
        }
    }

    @Test
    void messagesAreReadBack() {
        Set<ChangeKind> kinds = EnumSet.of(ChangeKind.TASK_ENDED, ChangeKind.CANCEL_REQUESTED);
        ChangeMessage change = ChangeMessage.change(0xABCL, kinds);
        ChangeMessage canary = ChangeMessage.canary(Long.MAX_VALUE, 42);

        assertThat(change.text()).isEqualTo("abc:EC");
        assertThat(ChangeMessage.parse(change.text())).isEqualTo(change);
        assertThat(ChangeMessage.parse(canary.text())).isEqualTo(canary);
        assertThat(ChangeMessage.parse("abc:ERX").kinds()).contains(ChangeKind.TASK_READY, ChangeKind.TASK_ENDED);
        for (String unknown : List.of("", ":", "nonsense", "12:", "12:Q", "12:#x", "-1:R")) {
            assertThat(ChangeMessage.parse(unknown).kinds()).as(unknown).containsExactlyInAnyOrder(ChangeKind.values());
        }
    }

    @Test
    void channelsFitIntoANameAndDiffer() {
        String longName = "ü".repeat(31);

        assertThat(PostgresChanges.channel("public")).isEqualTo("architect_public");
        assertThat(PostgresChanges.channel(longName).length()).isLessThan(64);
        assertThat(PostgresChanges.channel(longName)).isNotEqualTo(PostgresChanges.channel(longName + "x"));
    }
}
