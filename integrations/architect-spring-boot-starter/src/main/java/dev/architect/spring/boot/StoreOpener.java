package dev.architect.spring.boot;

import dev.architect.error.StoreException;
import dev.architect.spi.Store;
import dev.architect.spi.TimeSource;
import dev.architect.spring.boot.ArchitectProperties.StoreProperties;
import dev.architect.spring.boot.ArchitectProperties.StoreType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.util.ClassUtils;

/** Opens the store that the properties name, or the one of the host's database. */
final class StoreOpener {

    private static final String TYPE = "architect.store.type";
    private static final String FILE = "architect.store.sqlite.file";
    private static final String DATA_SOURCE = "architect.store.data-source";
    private static final String POSTGRES = "PostgreSQL";
    private static final String SQLITE = "SQLite";

    private final StoreProperties properties;
    private final ConfigurableListableBeanFactory beans;
    private final Optional<TimeSource> time;

    /** Creates an opener; {@code time} is a clock of the host's choice. */
    StoreOpener(StoreProperties properties, ConfigurableListableBeanFactory beans, Optional<TimeSource> time) {
        this.properties = properties;
        this.beans = beans;
        this.time = time;
    }

    /**
     * Opens the store.
     *
     * @throws ArchitectConfigurationException when there is none, or it cannot be used
     */
    OpenedStore open() {
        if (properties.type() == StoreType.MEMORY) {
            requireArtifact("memory", "dev.architect.store.memory.InMemoryStore");
            return new OpenedStore(MemoryStores.open(time.orElseGet(TimeSource::system)), Optional.empty());
        }
        Path file = properties.sqlite().file();
        if (file != null && properties.type() != StoreType.POSTGRES) {
            Optional<DataSource> shared = dataSource().filter(one -> isOn(one, file));
            return new OpenedStore(openSqlite(file, shared.isPresent()), shared);
        }
        DataSource database = dataSource().orElseThrow(this::noDataSource);
        Database kind = inspect(database);
        if (kind.product().equals(POSTGRES) && properties.type() != StoreType.SQLITE) {
            requireArtifact("postgres", "dev.architect.store.postgres.PostgresStore");
            return new OpenedStore(
                    opened(() -> PostgresStores.open(database, properties.postgres(), time)), Optional.of(database));
        }
        if (kind.product().equals(SQLITE) && properties.type() != StoreType.POSTGRES) {
            return new OpenedStore(openSqlite(kind.requiredFile(), true), Optional.of(database));
        }
        throw new ArchitectConfigurationException(
                "the DataSource is of " + kind.product() + ", expected " + expectedProduct(),
                "Name another DataSource in " + DATA_SOURCE + ", or a file of its own for the store in " + FILE
                        + "; for tests, set " + TYPE + " to memory.");
    }

    private String expectedProduct() {
        return switch (properties.type()) {
            case POSTGRES -> POSTGRES;
            case SQLITE -> SQLITE;
            case AUTO, MEMORY -> POSTGRES + " or " + SQLITE;
        };
    }

    private ArchitectConfigurationException noDataSource() {
        return new ArchitectConfigurationException(
                "there is no database for Architect's tasks: " + TYPE + " is "
                        + properties.type().name().toLowerCase(Locale.ROOT)
                        + " and there is no DataSource bean",
                "Define a DataSource of PostgreSQL or SQLite, for example with spring.datasource.url, or name a file in "
                        + FILE + "; for tests, set " + TYPE + " to memory.");
    }

    private Store openSqlite(Path file, boolean isShared) {
        requireArtifact("sqlite", "dev.architect.store.sqlite.SqliteStore");
        Path directory = file.toAbsolutePath().getParent();
        try {
            if (directory != null) {
                Files.createDirectories(directory);
            }
        } catch (IOException failure) {
            throw new ArchitectConfigurationException(
                    "the directory " + directory + " of the store cannot be created",
                    "Name a file in a directory that this process may write to in " + FILE + ".",
                    failure);
        }
        return opened(() -> SqliteStores.open(file, isShared, time));
    }

    private static Store opened(Supplier<Store> open) {
        try {
            return open.get();
        } catch (IllegalArgumentException wrong) {
            throw new ArchitectConfigurationException(
                    "Architect's store cannot be opened: " + wrong.getMessage(),
                    "Correct the properties architect.store.*.",
                    wrong);
        } catch (StoreException failure) {
            throw new ArchitectConfigurationException(
                    "Architect's store cannot be opened: " + failure.getMessage(),
                    "Mend what the message says; nothing was left half done.",
                    failure);
        }
    }

    private void requireArtifact(String suffix, String type) {
        if (!ClassUtils.isPresent(type, beans.getBeanClassLoader())) {
            throw new ArchitectConfigurationException(
                    "the artifact architect-store-" + suffix + " is not on the class path",
                    "Add the dependency dev.architect:architect-store-" + suffix + ".");
        }
    }

    private Optional<DataSource> dataSource() {
        List<String> names = List.of(beans.getBeanNamesForType(DataSource.class));
        String wanted = properties.dataSource();
        if (wanted != null) {
            if (!names.contains(wanted)) {
                throw new ArchitectConfigurationException(
                        DATA_SOURCE + " is '" + wanted + "', expected the name of a DataSource bean: "
                                + (names.isEmpty() ? "there is none" : String.join(", ", names)),
                        "Correct " + DATA_SOURCE + ".");
            }
            return Optional.of(beans.getBean(wanted, DataSource.class));
        }
        if (names.isEmpty()) {
            return Optional.empty();
        }
        DataSource only = beans.getBeanProvider(DataSource.class).getIfUnique();
        if (only == null) {
            throw new ArchitectConfigurationException(
                    "there are several DataSource beans (" + String.join(", ", names)
                            + "), expected one or a primary one",
                    "Name the one for Architect's store in " + DATA_SOURCE + ".");
        }
        return Optional.of(only);
    }

    /** Without an error: the file was named, so that the host's database is not needed. */
    private static boolean isOn(DataSource database, Path file) {
        try {
            return read(database).file().filter(other -> isSame(other, file)).isPresent();
        } catch (SQLException unreachable) {
            return false;
        }
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException missing) {
            return false;
        }
    }

    private static Database inspect(DataSource database) {
        try {
            return read(database);
        } catch (SQLException failure) {
            throw new ArchitectConfigurationException(
                    "the database of the DataSource cannot be reached: " + failure.getMessage(),
                    "Start the database, or correct the address, the user and the password of the DataSource.",
                    failure);
        }
    }

    private static Database read(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            String product = connection.getMetaData().getDatabaseProductName();
            return new Database(product, product.equals(SQLITE) ? fileOf(connection) : Optional.empty());
        }
    }

    /** From SQLite itself: the driver's addresses have many forms. Empty for a database in memory. */
    private static Optional<Path> fileOf(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA database_list")) {
            while (row.next()) {
                if ("main".equals(row.getString("name"))) {
                    return Optional.ofNullable(row.getString("file"))
                            .filter(file -> !file.isEmpty())
                            .map(Path::of);
                }
            }
            return Optional.empty();
        }
    }

    /** A database and the file it is in, if it is one. */
    private record Database(String product, Optional<Path> file) {

        Path requiredFile() {
            return file.orElseThrow(() -> new ArchitectConfigurationException(
                    "the SQLite database of the DataSource is in memory, expected one in a file",
                    "Give the DataSource a file, or set " + TYPE + " to memory."));
        }
    }
}
