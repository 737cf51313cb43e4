package dev.architect.store.sqlite;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.sqlite.SQLiteConfig;

/** Opens real connections, remembers them, and fails where a test wants it to. */
final class FaultyConnections implements SqliteStoreBuilder.Connector {

    /** The number of the connection of the check. */
    static final int CHECK = -1;

    static final int NONE = -2;

    /** One connection; the numbers of an opening begin with 0. */
    record Opened(int number, Connection real) {

        boolean isClosed() {
            try {
                return real.isClosed();
            } catch (SQLException failure) {
                throw new AssertionError(failure);
            }
        }
    }

    final List<Opened> opened = new CopyOnWriteArrayList<>();
    private final AtomicInteger next = new AtomicInteger();
    volatile int failingOpen = NONE;
    volatile Predicate<Opened> failsToClose = connection -> false;
    volatile Predicate<Opened> failsToCreateStatements = connection -> false;
    volatile Runnable beforeOpen = () -> {};

    /** Forgets what was opened, before the next opening. */
    void reset() {
        opened.clear();
        next.set(0);
    }

    @Override
    public Connection connect(SQLiteConfig config, String address) throws SQLException {
        beforeOpen.run();
        // The check opens its own at any time, so it does not count.
        int number = Thread.currentThread().getName().contains("-check-") ? CHECK : next.getAndIncrement();
        if (number == failingOpen) {
            throw new SQLException("connection " + number + " cannot be opened");
        }
        Opened connection = new Opened(number, config.createConnection(address));
        opened.add(connection);
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    String name = method.getName();
                    if (name.equals("createStatement") && failsToCreateStatements.test(connection)) {
                        throw new SQLException("connection " + number + " has no memory for statements");
                    }
                    try {
                        Object result = method.invoke(connection.real, arguments);
                        if (name.equals("close") && failsToClose.test(connection)) {
                            throw new SQLException("connection " + number + " failed to close");
                        }
                        return result;
                    } catch (InvocationTargetException failure) {
                        throw failure.getCause();
                    }
                });
    }
}
