package dev.architect.postgres;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which SQL the messages of one client run, those of the simple protocol and those that were prepared under a name, and where a transaction ends.
 *
 * <p>It follows what the client sends, not what the server answers: drivers send BEGIN and the first statement without waiting between them.
 */
final class FrontendStatements {

    private final Map<String, String> prepared = new HashMap<>();
    private final Map<String, String> portals = new HashMap<>();
    private final List<String> transaction = new ArrayList<>();
    private boolean inBlock;
    private boolean ended;

    /**
     * Takes note of a message.
     *
     * @return true if it commits a change: it ends a block so, or changes something outside one
     */
    boolean see(WireMessage message) {
        switch (message.type()) {
            case 'P' -> prepared.put(message.text(0), message.text(message.end(0) + 1));
            case 'B' -> portals.put(message.text(0), prepared.getOrDefault(message.text(message.end(0) + 1), ""));
            case 'E' -> {
                return run(portals.getOrDefault(message.text(0), ""));
            }
            case 'Q' -> {
                return run(message.text(0));
            }
            default -> {
                // Runs nothing.
            }
        }
        return false;
    }

    /** What ran in the current transaction, or in the one that ended last. */
    List<String> transaction() {
        return List.copyOf(transaction);
    }

    private boolean run(String sql) {
        if (ended) {
            transaction.clear();
        }
        transaction.add(sql);
        String statement = sql.strip().toLowerCase(Locale.ROOT);
        boolean commits = inBlock ? isAny(statement, "commit", "end") : changes(statement);
        if (isAny(statement, "begin", "start transaction")) {
            inBlock = true;
        } else if (isAny(statement, "commit", "end", "abort")
                || (isAny(statement, "rollback") && !statement.matches("(?s)rollback.*\\bto\\b.*"))) {
            inBlock = false;
        }
        ended = !inBlock;
        return commits;
    }

    private static boolean changes(String statement) {
        return isAny(statement, "insert", "update", "delete", "merge")
                || (isAny(statement, "with") && statement.matches("(?s).*\\b(insert|update|delete|merge)\\b.*"));
    }

    private static boolean isAny(String statement, String... beginnings) {
        for (String beginning : beginnings) {
            if (statement.startsWith(beginning)) {
                return true;
            }
        }
        return false;
    }
}
