package dev.architect.spring.boot;

import dev.architect.spi.Store;
import dev.architect.task.TaskId;
import dev.architect.task.TaskRequest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.UncategorizedSQLException;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.jdbc.support.SQLExceptionTranslator;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/** Stores tasks through the connection of the host's transaction. */
final class HostTransactions {

    private static final String SQLITE = "dev.architect.store.sqlite.SqliteStore";
    private static final String POSTGRES = "dev.architect.store.postgres.PostgresStore";

    private final @Nullable Insert insert;
    private final Optional<DataSource> dataSource;
    private final SQLExceptionTranslator translator = new SQLExceptionSubclassTranslator();

    private HostTransactions(@Nullable Insert insert, Optional<DataSource> dataSource) {
        this.insert = insert;
        this.dataSource = dataSource;
    }

    /** Those of {@code dataSource}, which is in the database of {@code store}; empty when the host's is another one. */
    static HostTransactions of(Store store, Optional<DataSource> dataSource) {
        return new HostTransactions(insertOf(store), dataSource.map(HostTransactions::target));
    }

    /** Transaction managers bind connections to what is behind such a proxy. */
    private static DataSource target(DataSource source) {
        DataSource behind =
                source instanceof TransactionAwareDataSourceProxy proxy ? proxy.getTargetDataSource() : null;
        return behind == null ? source : target(behind);
    }

    private static @Nullable Insert insertOf(Store store) {
        ClassLoader loader = HostTransactions.class.getClassLoader();
        if (ClassUtils.isPresent(SQLITE, loader) && SqliteStores.isOne(store)) {
            return (connection, requests) -> SqliteStores.submit(store, connection, requests);
        }
        if (ClassUtils.isPresent(POSTGRES, loader) && PostgresStores.isOne(store)) {
            return (connection, requests) -> PostgresStores.submit(store, connection, requests);
        }
        return null;
    }

    private interface Insert {

        List<TaskId> insert(Connection connection, List<TaskRequest> requests) throws SQLException;
    }

    /**
     * Checks that the current transaction can have tasks.
     *
     * @throws IllegalTransactionStateException when it cannot
     */
    void requireJoinable() {
        if (insert == null || dataSource.isEmpty()) {
            throw new IllegalTransactionStateException(
                    "Architect's store is not in the database of the transaction, expected the same; submit after the commit, with an "
                            + "IdempotencyKey");
        }
        if (!TransactionSynchronizationManager.hasResource(dataSource.get())) {
            throw new IllegalTransactionStateException(
                    "the transaction has no JDBC connection of the DataSource that has Architect's store, expected a "
                            + "transaction manager of that DataSource, or of JPA with a dialect that shows its connection");
        }
        if (TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
            throw new IllegalTransactionStateException(
                    "the transaction is read-only, expected one that may write tasks");
        }
    }

    /** Stores tasks in the current transaction, after {@link #requireJoinable}. */
    List<TaskId> insert(List<TaskRequest> requests) {
        Insert statement = insert;
        if (statement == null) {
            throw new IllegalStateException("the store has no transactions of a host");
        }
        DataSource source = dataSource.orElseThrow();
        Connection connection = DataSourceUtils.getConnection(source);
        try {
            return statement.insert(connection, requests);
        } catch (SQLException failure) {
            DataAccessException translated = translator.translate("submit tasks", null, failure);
            throw translated == null ? new UncategorizedSQLException("submit tasks", null, failure) : translated;
        } finally {
            DataSourceUtils.releaseConnection(connection, source);
        }
    }
}
