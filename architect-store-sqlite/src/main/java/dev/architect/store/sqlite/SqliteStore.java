package dev.architect.store.sqlite;

import dev.architect.error.StoreException;
import dev.architect.spi.ActivityStore;
import dev.architect.spi.LedgerStore;
import dev.architect.spi.NodeStore;
import dev.architect.spi.Store;
import dev.architect.spi.TaskStore;
import dev.architect.store.jdbi.JdbiActivityStore;
import dev.architect.store.jdbi.JdbiLedgerStore;
import dev.architect.store.jdbi.JdbiNodeStore;
import dev.architect.store.jdbi.JdbiTaskStore;
import dev.architect.thread.ThreadRunner;
import java.nio.file.Path;
import java.sql.ResultSet;

/**
 * The store in one SQLite file, for one process or several on the same machine.
 *
 * <p>One thread writes: it takes the changes of all callers into one transaction, commits, and only then returns to them. Readers
 * have connections of their own and never wait for it. Other processes wait for each other inside the store; callers see that
 * only as {@code BUSY} when it takes longer than the busy timeout. The file must be on a local disk.
 *
 * <p>An interrupted caller gets its answer if the change has begun or begins within a second; else {@code BUSY}, and nothing
 * is changed.
 *
 * <p>Safe for use by several threads.
 */
public final class SqliteStore implements Store {

    private final ThreadRunner runner = new ThreadRunner("architect-sqlite");
    private final GroupCommit writer;
    private final SqliteReadPool readers;
    private final NodeLocks locks;
    private final TaskStore tasks;
    private final NodeStore nodes;
    private final CallJournal calls;
    private final NotedLedger ledger;
    private final ActivityStore activity;

    SqliteStore(SqliteStoreBuilder options) {
        SqliteFile file = SqliteFile.prepare(options);
        this.calls = new CallJournal(file.path());
        this.locks = new NodeLocks(file.path(), this::recoverCalls);
        this.readers = file.openReaders();
        try {
            this.writer = file.openWriter();
            try {
                // Fails when the system has no more threads.
                writer.start(runner);
            } catch (Throwable failure) {
                writer.close();
                throw failure;
            }
        } catch (Throwable failure) {
            readers.close();
            throw failure;
        }
        this.tasks = new JdbiTaskStore(writer, readers, options.time);
        this.nodes = new JdbiNodeStore(writer, readers, options.time, locks);
        this.ledger = new NotedLedger(new JdbiLedgerStore(writer, readers), calls);
        this.activity = new JdbiActivityStore(writer, readers);
        recoverCalls();
    }

    /** When a node has died, and at the start, for processes that are no node. */
    private void recoverCalls() {
        ledger.recover();
    }

    /**
     * Opens the store in {@code file} with every default, and creates it when there is no such file. Its directory must exist.
     *
     * <p>A file that this creates is for its owner only ({@code rw-------}), with its log and its locks, whatever the umask is. One
     * that exists keeps its permissions; a warning is logged when others have access to it.
     *
     * @throws StoreException when the file cannot be opened, is damaged, or is of a newer version; it is left untouched
     */
    public static SqliteStore at(Path file) {
        return builder(file).open();
    }

    /** Returns a builder of the store in {@code file}. */
    public static SqliteStoreBuilder builder(Path file) {
        return new SqliteStoreBuilder(file);
    }

    @Override
    public TaskStore tasks() {
        return tasks;
    }

    @Override
    public NodeStore nodes() {
        return nodes;
    }

    @Override
    public LedgerStore ledger() {
        return ledger;
    }

    @Override
    public ActivityStore activity() {
        return activity;
    }

    /**
     * Returns how durable a commit is when the caller gets its result: not the configured mode, but the one that SQLite reports
     * on the connection that writes.
     */
    public Synchronous synchronous() {
        return Synchronous.ofPragma(writer.write(sql -> {
            try (ResultSet row = sql.prepare("PRAGMA synchronous").executeQuery()) {
                return row.getInt(1);
            }
        }));
    }

    /** For tests of queries that run while the store closes. */
    SqliteReadPool readers() {
        return readers;
    }

    /** For tests of what happens when a process dies. */
    NodeLocks locks() {
        return locks;
    }

    /**
     * Writes what is queued, waits for queries that run, and leaves one complete database file, without a log, unless another
     * process has it open.
     */
    @Override
    public void close() {
        // In this order: queued changes are written first; the last connection to close is the one that can move the
        // log
        // into the file; and the node locks fall last, when nothing of ours is written any more.
        writer.stop();
        readers.close();
        writer.close();
        runner.close();
        calls.close();
        locks.close();
    }
}
