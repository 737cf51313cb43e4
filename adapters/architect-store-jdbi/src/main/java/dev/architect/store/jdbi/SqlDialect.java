package dev.architect.store.jdbi;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;

/** Where the statements on tasks differ from one database to another. Immutable. */
public interface SqlDialect {

    /** One writer at a time, so that nothing needs a lock. */
    SqlDialect SQLITE = new SqliteDialect();

    /**
     * The condition on an id that it is among those of a query, which stand at its end. Where several transactions write at a time,
     * the query locks the rows and leaves out those that another one has locked.
     *
     * @param query selects ids, with an order and a limit
     */
    String isPicked(String query);

    /** What stands at the end of a query for a row that the same transaction changes afterwards, depending on what it read. */
    String forUpdate();

    /** What stands at the end of a query for a row that must stay as it was read until the transaction ends, and that others may read alike. */
    String forShare();

    /** The text {@code column} as what is ordered and compared by code points, whatever the language of the database. */
    String binaryOrder(String column);

    /**
     * The condition on a column of long ids that it is the named parameter, which is found by an index. Where an index would repeat the ids, it has
     * their ends alone.
     */
    String isId(String column, String parameter);

    /** The condition on an id that it is one of {@code count}, which {@link #bindIds} binds. */
    String isOneOf(int count);

    /** Binds as many ids as {@link #isOneOf} was made for, from parameter {@code first} on. */
    void bindIds(PreparedStatement statement, int first, List<Long> ids) throws SQLException;

    /** The name of what has the columns {@code lane}, {@code state} and {@code n}, the number of tasks. */
    String counts();

    /** The statement that adds to a number of tasks, with the parameters lane, state and number. */
    String addCount();

    /**
     * Whether every task is in both indexes for pages. If not, neither has those that are ready, which are sorted when they are few; and only
     * the one that begins with the project has those that are done.
     */
    boolean hasAllPages();

    /** The outer join of {@code task t} with {@code r}, which has the columns {@code output}, {@code error} and {@code stop_reason} of its result. */
    String resultJoin();

    /** Whether results are rows of a table of their own; else the last attempt of a task that is done or dead has them. */
    boolean hasResultRows();

    /** The table with the index by {@code created_at} and {@code id}; it has a row for each task. */
    String createdIn();

    /** What stands behind a condition on {@code node n} for one whose lease has not ended; empty where no clock decides. */
    String andLeaseLasts();

    /** Takes a number of the sequence {@code name}. */
    long takeNumber(WriteConnection sql, String name) throws SQLException;

    /** Takes {@code count} blocks of numbers for tasks, each of {@code size}, and returns where each begins. */
    long[] takeTaskNumbers(WriteConnection sql, int count, int size) throws SQLException;

    /** What says whether calls of the ledger leave out what is usual, as NULL: 1 or 0, of the row of {@code ledger_folded}. */
    String compactCalls();

    /** The same for zeros of their sums, which take no place as NULL where a number has a fixed size. */
    String compactSums();

    /** What follows the name of a table to have it read by an index; empty where the database chooses by what it has counted. */
    String byIndex(String index);

    /** The condition on {@code item i} that it has all words of a parameter, which {@link #wordQuery} makes. */
    String hasWords();

    /** Returns the parameter for items that have words beginning with these, which are of letters and digits alone. */
    String wordQuery(List<String> words);

    /** Stores what an item is found by, in place of what was stored before; nothing for no words. */
    void saveWords(WriteConnection sql, long item, Collection<String> words) throws SQLException;

    /** Keeps other changes of projects with one of these names away until the transaction ends; the names are in their order. */
    void lockProjects(WriteConnection sql, Collection<String> names) throws SQLException;

    /** Keeps other changes of the parents of tasks away until the transaction ends; tasks are submitted and ended meanwhile. */
    void lockDependencies(WriteConnection sql) throws SQLException;

    /** Adds rows to the log of changes, or to what is to get a number there. */
    void logChanges(WriteConnection sql, List<ChangeNotes.Row> rows) throws SQLException;
}
