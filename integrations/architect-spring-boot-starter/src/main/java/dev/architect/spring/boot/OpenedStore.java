package dev.architect.spring.boot;

import dev.architect.spi.Store;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * The store as it was opened.
 *
 * @param store the store, closed by its owner
 * @param dataSource the host's, when the store is in the same database; empty when tasks cannot join the host's transactions
 */
record OpenedStore(Store store, Optional<DataSource> dataSource) {}
