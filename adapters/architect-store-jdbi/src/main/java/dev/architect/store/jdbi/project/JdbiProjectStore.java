package dev.architect.store.jdbi.project;

import dev.architect.project.ProjectId;
import dev.architect.project.store.ProjectStore;
import dev.architect.store.jdbi.Micros;
import dev.architect.store.jdbi.ReadConnections;
import dev.architect.store.jdbi.SqlDialect;
import dev.architect.store.jdbi.TransactionalWrites;
import dev.architect.store.jdbi.WriteConnection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jdbi.v3.core.result.UnableToProduceResultException;

/** Projects in a database. A change is one transaction, which locks its projects first. Safe for use by several threads. */
public final class JdbiProjectStore implements ProjectStore {

    private final TransactionalWrites writes;
    private final ReadConnections reads;
    private final SqlDialect dialect;
    private final Supplier<Instant> clock;

    /**
     * Creates the store over the connections of one database.
     *
     * @param clock the store's clock
     */
    public JdbiProjectStore(
            TransactionalWrites writes, ReadConnections reads, SqlDialect dialect, Supplier<Instant> clock) {
        this.writes = writes;
        this.reads = reads;
        this.dialect = dialect;
        this.clock = clock;
    }

    @Override
    public Instant now() {
        return Micros.instant(Micros.of(clock.get()));
    }

    @Override
    public <T> T read(Reading<T> reading) {
        return reads.read(handle -> {
            WriteConnection sql = new WriteConnection(handle.getConnection(), dialect);
            try {
                try {
                    return reading.read(new SqlProjectReads(sql));
                } finally {
                    sql.closeStatements();
                }
            } catch (SqlProjectReads.Failed failed) {
                throw new UnableToProduceResultException(failed.cause());
            } catch (SQLException failure) {
                throw new UnableToProduceResultException(failure);
            }
        });
    }

    @Override
    public <T> T change(Set<ProjectId> projects, Change<T> change) {
        List<String> names = projects.stream().map(ProjectId::name).sorted().toList();
        return writes.write(sql -> {
            dialect.lockProjects(sql, names);
            try {
                return change.make(new SqlProjectRows(sql));
            } catch (SqlProjectReads.Failed failed) {
                throw failed.cause();
            }
        });
    }
}
