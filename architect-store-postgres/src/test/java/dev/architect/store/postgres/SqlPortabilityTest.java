package dev.architect.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.architect.store.postgres.connection.PostgresErrorReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every SQL text of the store avoids what databases with the protocol of PostgreSQL and several servers (Citus, YugabyteDB, CockroachDB) do
 * not have, or have with another meaning. The texts are the string literals of the sources, joined where they are added up, and the
 * migrations.
 */
class SqlPortabilityTest {

    private static final Path ROOT = Path.of("..");
    private static final List<Path> SOURCES = List.of(
            ROOT.resolve("architect-store-postgres/src/main"), ROOT.resolve("adapters/architect-store-jdbi/src/main"));

    /** What no text may have, with the reason. */
    private static final Map<String, Pattern> FORBIDDEN = new TreeMap<>(Map.of(
            "advisory lock: transaction poolers break it and some databases have none",
            sql("pg_(try_)?advisory"),
            "lock of a table: no two writers could go on",
            sql("\\bLOCK\\s+(TABLE\\b|\\w+\\s+IN\\b)"),
            "trigger or stored procedure: logic belongs to one place",
            sql(
                    "\\b(CREATE\\s+(OR\\s+REPLACE\\s+)?(CONSTRAINT\\s+)?(TRIGGER|FUNCTION|PROCEDURE|RULE)|EXECUTE\\s+FUNCTION)\\b"),
            "number without gaps: a sequence is not rolled back, a row that counts is a lock for all",
            sql(
                    "\\b(max\\s*\\(\\s*(id|sequence|number|incarnation)\\s*\\)\\s*\\+|setval\\s*\\(|currval\\s*\\(|lastval\\s*\\()"),
            "place of a row on a disk: it means nothing on several servers",
            sql("\\b(ctid|xmin|xmax|tableoid)\\b"),
            "snapshot or number of a transaction of one server",
            sql("\\b(txid_\\w+|pg_current_snapshot|pg_current_xact_id|pg_snapshot_\\w+|pg_export_snapshot)\\b"),
            "two-phase commit",
            sql("\\bPREPARE\\s+TRANSACTION\\b"),
            "temporary or unlogged table: a connection is borrowed for one transaction",
            sql("\\bCREATE\\s+(LOCAL\\s+|GLOBAL\\s+)?(TEMP|TEMPORARY|UNLOGGED)\\b"),
            "foreign key: each check would cost a look-up, on another server perhaps",
            sql("\\b(REFERENCES|FOREIGN\\s+KEY)\\b")));

    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");
    private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*(//|\\*|/\\*).*$");

    private record Text(Path file, String sql) {}

    private static Pattern sql(String pattern) {
        return Pattern.compile(pattern, Pattern.CASE_INSENSITIVE);
    }

    private static List<Text> texts() throws IOException {
        List<Text> texts = new ArrayList<>();
        for (Path source : SOURCES) {
            try (Stream<Path> files = Files.walk(source)) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    String name = file.getFileName().toString();
                    if (name.endsWith(".sql")) {
                        texts.add(new Text(file, Files.readString(file).replaceAll("(?m)--.*$", "")));
                    } else if (name.endsWith(".java")) {
                        literals(Files.readString(file)).forEach(literal -> texts.add(new Text(file, literal)));
                    }
                }
            }
        }
        return texts;
    }

    private static List<String> literals(String java) {
        List<String> literals = new ArrayList<>();
        String code = COMMENT.matcher(java).replaceAll("");
        Matcher literal = LITERAL.matcher(JOINED.matcher(code).replaceAll(""));
        while (literal.find()) {
            literals.add(literal.group(1));
        }
        return literals;
    }

    private static List<String> violations(List<Text> texts) {
        List<String> violations = new ArrayList<>();
        for (Text text : texts) {
            FORBIDDEN.forEach((reason, pattern) -> {
                if (pattern.matcher(text.sql()).find()) {
                    violations.add(text.file().getFileName() + ": " + reason + ": " + text.sql());
                }
            });
        }
        return violations;
    }

    @Test
    void noTextNeedsWhatSomeDatabasesDoNotHave() throws IOException {
        List<Text> texts = texts();

        assertThat(violations(texts)).isEmpty();
        // The texts were found at all.
        assertThat(texts.stream()
                        .filter(text -> text.sql().contains("UPDATE task"))
                        .count())
                .isGreaterThan(5);
        assertThat(texts.stream()
                        .filter(text -> text.file().toString().endsWith(".sql"))
                        .count())
                .isGreaterThan(10);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT pg_advisory_xact_lock(1)",
                "LOCK TABLE task IN EXCLUSIVE MODE",
                "LOCK task IN SHARE MODE",
                "CREATE TRIGGER t AFTER INSERT ON task EXECUTE FUNCTION f()",
                "INSERT INTO task SELECT max(id) + 1 FROM task",
                "DELETE FROM task WHERE ctid = ANY (?)",
                "SELECT txid_current()",
                "PREPARE TRANSACTION 'a'",
                "CREATE TEMP TABLE t (id int)",
                "CREATE TABLE t (id int REFERENCES task)"
            })
    void wouldFindATextThatDoes(String sql) {
        assertThat(violations(List.of(new Text(Path.of("T.java"), sql)))).hasSize(1);
    }

    @Test
    void readsTextsThatAreAddedUp() {
        assertThat(literals("a = \"SELECT 1\"\n    + \" FROM task\"; // \"x\"\n * \"y\"\n"))
                .startsWith("SELECT 1 FROM task");
    }

    /** It is sent on a connection of its own after the commit, and what it says is found without it, too. */
    @Test
    void notifiesInNoTransactionOfAChange() throws IOException {
        assertThat(texts().stream()
                        .filter(text -> sql("\\bpg_notify\\b|^NOTIFY\\b")
                                .matcher(text.sql())
                                .find())
                        .map(text -> text.file().getFileName().toString()))
                .containsOnly("ChangeSender.java");
    }

    /** What databases on several servers answer when two transactions were in each other's way. */
    @ParameterizedTest
    @ValueSource(strings = {"40001", "40P01"})
    void makesATransactionAgainThatAnotherOneWasInTheWayOf(String state) {
        assertThat(new PostgresErrorReader("PostgreSQL").isConflict(new SQLException("conflict", state)))
                .isTrue();
    }
}
