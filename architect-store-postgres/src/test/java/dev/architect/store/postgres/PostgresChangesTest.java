package dev.architect.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.postgres.FaultProxy;
import dev.architect.spi.Store.Change;
import dev.architect.spi.Store.ChangeKind;
import dev.architect.task.TaskRequest;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.ds.PGSimpleDataSource;

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
        assertFewNotifications(false, 5);
    }

    @Test
    void hintedChangesAreToldWithFewerStill() throws Exception {
        assertFewNotifications(true, 100);
    }

    private void assertFewNotifications(boolean areHinted, int pauseMillis) throws Exception {
        PostgresStore store = opened(builder().open());
        store.changesAreHinted(areHinted);
        try (Connection listening = database().connect();
                var statement = listening.createStatement()) {
            statement.execute("LISTEN " + '"' + PostgresChanges.channel("public") + '"');
            long begun = System.nanoTime();
            for (int i = 0; i < 300; i++) {
                submit(store);
            }
            long pauses = (System.nanoTime() - begun) / (pauseMillis * 1_000_000L);
            store.close();
            PGNotification[] notifications =
                    listening.unwrap(PGConnection.class).getNotifications(5_000);

            assertThat(notifications).isNotEmpty().hasSizeLessThanOrEqualTo((int) Math.min(250, pauses + 3));
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

    /** Gives out a connection through {@code proxy} first, and direct ones afterwards. */
    private DataSource firstThrough(FaultProxy proxy) {
        AtomicInteger given = new AtomicInteger();
        return (DataSource) Proxy.newProxyInstance(
                PostgresChangesTest.class.getClassLoader(), new Class<?>[] {DataSource.class}, (self, method, args) -> {
                    PGSimpleDataSource source = new PGSimpleDataSource();
                    source.setURL(
                            given.getAndIncrement() == 0
                                    ? proxy.jdbcUrl(database())
                                    : database().jdbcUrl());
                    source.setUser(database().user());
                    source.setPassword(database().password());
                    return source.getConnection();
                });
    }

    /** Fails with what no driver throws, once it has given out a connection. */
    private DataSource failsOnceInItsOwnWay() {
        AtomicInteger given = new AtomicInteger();
        return (DataSource) Proxy.newProxyInstance(
                PostgresChangesTest.class.getClassLoader(), new Class<?>[] {DataSource.class}, (self, method, args) -> {
                    if (given.getAndIncrement() == 1) {
                        throw new IllegalStateException("of the host");
                    }
                    PGSimpleDataSource source = new PGSimpleDataSource();
                    source.setURL(database().jdbcUrl());
                    source.setUser(database().user());
                    source.setPassword(database().password());
                    return source.getConnection();
                });
    }

    @Test
    void listensAgainAfterADataSourceOfTheHostHasFailedInItsOwnWay() throws Exception {
        PostgresStore store = opened(builder().open());
        PostgresStore other =
                opened(builder().listenDataSource(failsOnceInItsOwnWay()).open());
        other.subscribe(heard::add);

        server().terminateBackends(database().name());

        assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(Change.ANY);
        submit(store);
        awaitReady();
    }

    @Test
    void noticesAConnectionThatIsSilent() throws Exception {
        try (FaultProxy proxy = FaultProxy.to(server())) {
            PostgresStore store = opened(builder().open());
            PostgresStore other = opened(builder()
                    .listenDataSource(firstThrough(proxy))
                    .canaryInterval(Duration.ofMillis(200))
                    .open());
            other.subscribe(heard::add);

            proxy.stall();

            // Nothing says that the connection is dead, but canaries do not come any more.
            assertThat(heard.poll(60, TimeUnit.SECONDS)).isEqualTo(Change.ANY);
            submit(store);
            awaitReady();
        }
    }

    @Test
    void theStoreGoesOnWhereNotificationsAreRefused() {
        String role = database().name() + "_mute";
        builder().open().close();
        database()
                .execute("REVOKE EXECUTE ON FUNCTION pg_notify(text, text) FROM PUBLIC; CREATE ROLE " + role
                        + " LOGIN PASSWORD 'p'; GRANT ALL ON ALL TABLES IN SCHEMA public TO " + role
                        + "; GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO " + role);
        try (PostgresStore mute = PostgresStore.builder(database().jdbcUrl())
                .user(role)
                .password("p")
                .migrate(false)
                .open()) {
            mute.subscribe(heard::add);
            submit(mute);

            assertThat(mute.tasks().counts()).hasSize(1);
        } finally {
            database().execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
        }
    }

    @Test
    void theStoreGoesOnWhileNothingCanBeTold() throws Exception {
        PostgresStore store = opened(builder().open());
        PostgresStore other = opened(builder().open());
        other.subscribe(heard::add);
        // Whoever renames the function takes it away from all.
        database().execute("ALTER FUNCTION pg_notify(text, text) RENAME TO pg_notify_gone");

        submit(store);
        assertThat(store.tasks().counts()).hasSize(1);
        database().execute("ALTER FUNCTION pg_notify_gone(text, text) RENAME TO pg_notify");
        submit(store);

        awaitReady();
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
